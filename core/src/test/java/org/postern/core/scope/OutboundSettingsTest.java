// SPDX-License-Identifier: Apache-2.0
package org.postern.core.scope;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postern.spi.policy.OutboundAuthSettings;
import org.postern.spi.settings.ScopeKind;
import org.postern.spi.settings.Setting;

class OutboundSettingsTest {

    private static final Path PAGES = Path.of(System.getProperty("basedir", "."), "..", "docs", "settings");

    static List<Setting<?>> settings() {
        return OutboundSettings.all();
    }

    @Test
    void holdsEveryOptionOfAuthenticationAndNoNameTwice() {
        assertThat(OutboundSettings.all()).doesNotHaveDuplicates().containsAll(OutboundAuthSettings.all());
        assertThat(new OutboundVocabulary().settings()).isEqualTo(OutboundSettings.all());
    }

    @ParameterizedTest
    @MethodSource("settings")
    void hasAPageForEverySetting(Setting<?> setting) throws IOException {
        Path page = PAGES.resolve(setting.name() + ".md");
        assertThat(page).as("docs/settings/%s.md", setting.name()).isRegularFile();
        String text = Files.readString(page);
        assertThat(text).startsWith("<!-- SPDX-License-Identifier: Apache-2.0 -->\n# " + setting.name() + "\n");
        assertThat(text).contains("| Type |", "| Default |", "| Scopes |", "| Since | 0.1.0 |", "See also");
        setting.defaultValue().ifPresent(value -> assertThat(text).contains("| Default | `" + shown(value) + "` |"));
        assertThat(text.contains("| Scopes | global |"))
                .as("says that it is global exactly where it is")
                .isEqualTo(setting.scopes().equals(java.util.Set.of(ScopeKind.GLOBAL)));
    }

    @Test
    void hasNoPageForWhatIsNoSetting() throws IOException {
        List<String> names = OutboundSettings.all().stream()
                .map(setting -> setting.name() + ".md")
                .toList();
        try (Stream<Path> pages = Files.list(PAGES)) {
            assertThat(pages.map(page -> page.getFileName().toString()))
                    .filteredOn(name -> name.startsWith("Outbound_") || names.contains(name))
                    .isSubsetOf(names);
        }
    }

    @Test
    void listsEveryPageInTheIndexByNameWithItsDefaultAndItsFirstSentence() throws IOException {
        List<String> expected = OutboundSettings.all().stream()
                .map(Setting::name)
                .sorted(String.CASE_INSENSITIVE_ORDER)
                .map(OutboundSettingsTest::indexRow)
                .toList();
        assertThat(Files.readAllLines(PAGES.resolve("README.md")))
                .filteredOn(line -> line.startsWith("| ["))
                .isEqualTo(expected);
    }

    private static String indexRow(String name) {
        try {
            List<String> lines = Files.readAllLines(PAGES.resolve(name + ".md"));
            String row = lines.stream()
                    .filter(line -> line.startsWith("| Default | "))
                    .findFirst()
                    .orElseThrow();
            return "| [" + name + "](" + name + ".md) | " + row.substring("| Default | ".length()) + " " + lines.get(3)
                    + " |";
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String shown(Object value) {
        return value instanceof java.time.Duration duration ? Long.toString(duration.toSeconds()) : value.toString();
    }
}
