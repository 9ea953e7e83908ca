// SPDX-License-Identifier: Apache-2.0
package org.postern.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postern.spi.settings.ScopeKind;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingsVocabulary;
import org.postern.spi.settings.StanzaType;

/** Whether every option of scopes, whichever module brings it, has its page and its row in the index. */
class DocumentationTest {

    private static final Path PAGES = Path.of("..", "docs", "settings");

    /** The options of scopes of all vocabularies in the reactor. */
    static List<Setting<?>> settings() throws Exception {
        return vocabularies().stream()
                .<Setting<?>>flatMap(vocabulary -> vocabulary.settings().stream())
                .toList();
    }

    private static List<SettingsVocabulary> vocabularies() throws Exception {
        List<SettingsVocabulary> vocabularies = new ArrayList<>();
        for (Path module : EveryModule.folders("target/classes")) {
            for (String component : vocabulariesIn(module)) {
                URL[] classes = {module.toUri().toURL()};
                try (URLClassLoader loader = new URLClassLoader(classes, DocumentationTest.class.getClassLoader())) {
                    SettingsVocabulary vocabulary = (SettingsVocabulary)
                            loader.loadClass(component).getConstructor().newInstance();
                    // Asked while its classes can still be loaded.
                    vocabularies.add(new Words(vocabulary.settings(), vocabulary.stanzas()));
                }
            }
        }
        return vocabularies;
    }

    private record Words(List<Setting<?>> settings, List<StanzaType> stanzas) implements SettingsVocabulary {}

    private static List<String> vocabulariesIn(Path module) throws IOException {
        try (Stream<Path> files = Files.walk(module)) {
            return files.filter(file -> file.toString().endsWith("Vocabulary.class"))
                    .map(file -> module.relativize(file).toString())
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .filter(name -> !name.equals(SettingsVocabulary.class.getName()))
                    .filter(name -> !name.endsWith("meaning.Vocabulary"))
                    .toList();
        }
    }

    @Test
    void findsTheOptionsOfSeveralModulesAndNoNameTwice() throws Exception {
        assertThat(settings())
                .doesNotHaveDuplicates()
                .extracting(Setting::name)
                .contains("Outbound_SMTP_AUTH_User", "Relay_Hosts", "Compatibility");
    }

    /**
     * While bundles start, their words are not yet known. Were one of them in this list, it would be passed over, and the
     * configuration would come into force without it.
     */
    @Test
    void noWordIsPassedOverThatAModuleUnderstands() throws Exception {
        List<String> passedOver = Files.readAllLines(Path.of(
                        "..", "config-store/src/main/resources/org/postern/config/store/meaning/momentum.words"))
                .stream()
                .filter(line -> !line.startsWith("#") && !line.startsWith("["))
                .flatMap(line -> Stream.of(line.split(" ")))
                .toList();
        List<String> understood = vocabularies().stream()
                .flatMap(vocabulary -> Stream.concat(
                        vocabulary.settings().stream().map(Setting::key),
                        vocabulary.stanzas().stream().flatMap(DocumentationTest::words)))
                .toList();
        assertThat(passedOver)
                .as("remove from momentum.words what a module understands now")
                .doesNotContainAnyElementsOf(understood);
    }

    private static Stream<String> words(StanzaType stanza) {
        return Stream.of(
                        Stream.of(stanza.key()),
                        stanza.settings().stream().map(Setting::key),
                        stanza.inner().stream().flatMap(DocumentationTest::words))
                .flatMap(words -> words);
    }

    @ParameterizedTest
    @MethodSource("settings")
    void everySettingHasAPage(Setting<?> setting) throws IOException {
        Path page = PAGES.resolve(setting.name() + ".md");
        assertThat(page).as("docs/settings/%s.md", setting.name()).isRegularFile();
        String text = Files.readString(page);
        assertThat(text).startsWith("<!-- SPDX-License-Identifier: Apache-2.0 -->\n# " + setting.name() + "\n");
        assertThat(text).contains("| Type |", "| Default |", "| Scopes |", "| Since | 0.1.0 |", "See also");
        setting.defaultValue().ifPresent(value -> assertThat(text).contains("| Default | `" + shown(value) + "` |"));
        assertThat(text.contains("| Scopes | global |"))
                .as("says that it is global exactly where it is")
                .isEqualTo(setting.scopes().equals(Set.of(ScopeKind.GLOBAL)));
    }

    private static String shown(Object value) {
        return switch (value) {
            case Duration duration -> Long.toString(duration.toSeconds());
            case List<?> words -> words.stream().map(Object::toString).collect(Collectors.joining(" ", "( ", " )"));
            default -> value.toString();
        };
    }

    @Test
    void everyPageIsOfASetting() throws Exception {
        List<String> expected = new ArrayList<>(
                settings().stream().map(setting -> setting.name() + ".md").toList());
        expected.add("README.md");
        try (Stream<Path> pages = Files.list(PAGES)) {
            assertThat(pages.map(page -> page.getFileName().toString())).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void theIndexListsEveryPageByNameWithItsDefaultAndItsFirstSentence() throws Exception {
        List<String> expected = settings().stream()
                .map(Setting::name)
                .sorted(String.CASE_INSENSITIVE_ORDER)
                .map(DocumentationTest::indexRow)
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
}
