// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingsVocabulary;
import org.postern.spi.settings.StanzaType;

/** What every {@link SettingsVocabulary} promises to those who have to write its words into a file. */
public interface SettingsVocabularyContract {

    /** The options of a page's tables: a name in backquotes in the first cell. */
    Pattern OPTION_ROW = Pattern.compile("\\| *`([A-Za-z0-9_]+)` *\\|.*");

    /** The words under test. */
    SettingsVocabulary vocabulary();

    /**
     * The page that describes them, in Markdown: in tables whose first column is headed {@code option}, a row for each
     * option, with its name in backquotes and, where it has a default, that default.
     */
    String page() throws Exception;

    private static Stream<Setting<?>> within(StanzaType stanza) {
        return Stream.concat(
                stanza.settings().stream(), stanza.inner().stream().flatMap(SettingsVocabularyContract::within));
    }

    private static Stream<StanzaType> withInner(StanzaType stanza) {
        return Stream.concat(Stream.of(stanza), stanza.inner().stream().flatMap(SettingsVocabularyContract::withInner));
    }

    private List<Setting<?>> options() {
        return Stream.concat(
                        vocabulary().settings().stream(),
                        vocabulary().stanzas().stream().flatMap(SettingsVocabularyContract::within))
                .distinct()
                .collect(Collectors.toList());
    }

    private List<String> rows() throws Exception {
        List<String> rows = new ArrayList<>();
        boolean inside = false;
        for (String line : page().lines().toList()) {
            inside = line.startsWith("|") && (inside || line.matches("\\| *option *\\|.*"));
            if (inside && OPTION_ROW.matcher(line).matches()) {
                rows.add(line);
            }
        }
        return rows;
    }

    private static String optionOf(String row) {
        Matcher matcher = OPTION_ROW.matcher(row);
        return matcher.matches() ? matcher.group(1) : "";
    }

    private static String shown(Object value) {
        return switch (value) {
            case Duration time -> Long.toString(time.toSeconds());
            case List<?> words -> words.stream().map(Object::toString).collect(Collectors.joining(" ", "( ", " )"));
            default -> value.toString();
        };
    }

    @Test
    @DisplayName("vocabulary: has a row in its page for every option, and none for others")
    default void hasARowForEveryOption() throws Exception {
        assertThat(rows())
                .extracting(SettingsVocabularyContract::optionOf)
                .containsExactlyInAnyOrderElementsOf(
                        options().stream().map(Setting::name).toList());
    }

    @Test
    @DisplayName("vocabulary: has the right defaults in its page")
    default void hasTheRightDefaultsInItsPage() throws Exception {
        List<String> rows = rows();
        for (Setting<?> option : options()) {
            Optional<String> wanted = option.defaultValue().map(SettingsVocabularyContract::shown);
            assertThat(rows)
                    .filteredOn(row -> optionOf(row).equals(option.name()))
                    .allSatisfy(row -> assertThat(row).contains(wanted.orElse("")));
        }
    }

    @Test
    @DisplayName("vocabulary: shows each of its stanzas in its page")
    default void showsEachOfItsStanzasInItsPage() throws Exception {
        String page = page();
        vocabulary().stanzas().stream()
                .flatMap(SettingsVocabularyContract::withInner)
                .forEach(stanza ->
                        assertThat(page).containsPattern("(?m)^ *" + Pattern.quote(stanza.name()) + "\\b.*\\{"));
    }

    @Test
    @DisplayName("vocabulary: says one line about each option and stanza")
    default void saysOneLineAboutEach() {
        Stream<String> summaries = Stream.concat(
                options().stream().map(Setting::summary),
                vocabulary().stanzas().stream()
                        .flatMap(SettingsVocabularyContract::withInner)
                        .map(StanzaType::summary));
        assertThat(summaries).allSatisfy(line -> assertThat(line).isNotBlank().doesNotContain("\n", "\r"));
    }

    @Test
    @DisplayName("vocabulary: is the same whenever it is asked")
    default void isTheSameWheneverItIsAsked() {
        assertThat(vocabulary().settings()).isEqualTo(vocabulary().settings());
        assertThat(vocabulary().stanzas()).isEqualTo(vocabulary().stanzas());
    }
}
