// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.postern.config.store.meaning.Compatibility;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingsVocabulary;
import org.postern.spi.settings.StanzaType;

/** The options of the configuration itself. */
@Component
public final class LanguageVocabulary implements SettingsVocabulary {

    @Override
    public List<Setting<?>> settings() {
        return List.of(Compatibility.SETTING);
    }

    @Override
    public List<StanzaType> stanzas() {
        return List.of();
    }
}
