// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import java.time.Duration;
import java.util.List;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingType;
import org.postern.spi.settings.SettingsVocabulary;
import org.postern.spi.settings.StanzaType;

class DocumentedVocabularyTest implements SettingsVocabularyContract {

    static final Setting<List<String>> HOSTS =
            Setting.of("Hosts", SettingType.WORDS, List.of("a", "b"), "Where to go.");

    @Override
    public SettingsVocabulary vocabulary() {
        return new SettingsVocabulary() {
            @Override
            public List<Setting<?>> settings() {
                return List.of(HOSTS);
            }

            @Override
            public List<StanzaType> stanzas() {
                return List.of(StanzaType.forBundle(
                                "Store",
                                "test.store",
                                "A store.",
                                Setting.of("Patience", SettingType.seconds(1, 60), Duration.ofSeconds(7), "Seconds."))
                        .with(StanzaType.innerNamed("Shelf", "A shelf.", HOSTS)));
            }
        };
    }

    @Override
    public String page() {
        return """
                # Store

                    Store {
                      Shelf "x" { Hosts = ( c ) }
                    }

                | option | default | meaning |
                |---|---|---|
                | `Hosts` | `( a b )` | Where to go. |
                | `Patience` | 7 | Seconds. |

                | what it says | what to do |
                |---|---|
                | `sealed` | open it |
                """;
    }
}
