// SPDX-License-Identifier: Apache-2.0
package org.postern.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postern.spi.settings.InvalidValueException;
import org.postern.spi.settings.RawValue;
import org.postern.spi.settings.ScopeKind;
import org.postern.spi.settings.Setting;

/**
 * Every option of every bundle in every kind of scope, each on a line of its own, read by the relay that ships. Where the
 * option is allowed its line is right; where it is not, there is one error, which names the option, the place, and where
 * it may stand.
 */
@TestInstance(Lifecycle.PER_CLASS)
class SettingScopesIT {

    /** Values for options without a default; the first that the option takes is written. */
    private static final List<String> VALUES = List.of("x", "1", "450 later", "TLS_AES_256_GCM_SHA384", "gmail");

    private final Map<Integer, List<String>> problems = new LinkedHashMap<>();
    private List<Case> cases;
    private int code;

    /** @param line counted from 1 */
    private record Case(Setting<?> setting, ScopeKind kind, int line) {

        boolean allowed() {
            return setting.scopes().contains(kind);
        }

        String text() {
            String option = setting.name() + " = " + value(setting);
            String binding = "Binding \"b" + line + "\" { ";
            String group = "Binding_Group \"g" + line + "\" { ";
            String domain = "Domain \"d" + line + ".example\" { ";
            return switch (kind) {
                case GLOBAL -> option;
                case DOMAIN -> domain + option + " }";
                case BINDING -> binding + option + " }";
                case BINDING_DOMAIN -> binding + domain + option + " } }";
                case GROUP -> group + option + " }";
                case GROUP_DOMAIN -> group + domain + option + " } }";
                case GROUP_BINDING -> group + binding + option + " } }";
                case GROUP_BINDING_DOMAIN -> group + binding + domain + option + " } } }";
            };
        }

        @Override
        public String toString() {
            return setting.name() + " in " + kind;
        }
    }

    private static String value(Setting<?> setting) {
        return setting.defaultValue()
                .map(SettingScopesIT::written)
                .orElseGet(() -> VALUES.stream()
                        .filter(value -> takes(setting, value))
                        .map(SettingScopesIT::written)
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("no value here for " + setting)));
    }

    private static String written(Object value) {
        return switch (value) {
            case Duration duration -> Long.toString(duration.toSeconds());
            case Collection<?> words ->
                words.stream().map(SettingScopesIT::written).collect(Collectors.joining(" ", "( ", " )"));
            default -> '"' + value.toString() + '"';
        };
    }

    private static boolean takes(Setting<?> setting, String value) {
        try {
            return setting.read(new RawValue.Scalar(value)).isPresent();
        } catch (InvalidValueException refused) {
            return false;
        }
    }

    @BeforeAll
    void read(@TempDir Path directory) throws Exception {
        cases = new ArrayList<>();
        for (Setting<?> setting : DocumentationTest.settings()) {
            for (ScopeKind kind : ScopeKind.values()) {
                cases.add(new Case(setting, kind, cases.size() + 1));
            }
        }
        Path file = directory.resolve("postern.conf");
        Files.write(file, cases.stream().map(Case::text).toList());
        Path said = directory.resolve("said.txt");
        code = check(file, said);
        String place = file + ":";
        for (String line : Files.readAllLines(said)) {
            if (line.startsWith(place) && line.contains(": error: ")) {
                String rest = line.substring(place.length());
                problems.computeIfAbsent(
                                Integer.valueOf(rest.substring(0, rest.indexOf(':'))), number -> new ArrayList<>())
                        .add(rest.substring(rest.indexOf(':') + 1));
            }
        }
    }

    private static int check(Path file, Path said) throws IOException, InterruptedException {
        Path home = Path.of(System.getProperty("postern.home")).toRealPath();
        ProcessBuilder builder = new ProcessBuilder(home.resolve("postern").toString(), "check", "-c", file.toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process check =
                builder.redirectErrorStream(true).redirectOutput(said.toFile()).start();
        assertThat(check.waitFor(120, TimeUnit.SECONDS)).as("check has ended").isTrue();
        return check.exitValue();
    }

    Stream<Case> everyOptionInEveryScope() {
        return cases.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyOptionInEveryScope")
    void loadsWhereItIsAllowedAndSaysElsewhereWhereItIs(Case written) {
        if (written.allowed()) {
            assertThat(problems).as(written.text()).doesNotContainKey(written.line());
        } else {
            int column = written.text().indexOf(written.setting().name() + " = ") + 1;
            assertThat(problems.get(written.line()))
                    .as(written.text())
                    .containsExactly(column + ": error: " + written.setting().name()
                            + " cannot stand here; its places: "
                            + inWords(written.setting().scopes()));
        }
    }

    private static String inWords(Set<ScopeKind> kinds) {
        Map<ScopeKind, String> words = Map.of(
                ScopeKind.GLOBAL, "outside every stanza",
                ScopeKind.DOMAIN, "Domain",
                ScopeKind.BINDING, "Binding",
                ScopeKind.BINDING_DOMAIN, "Domain in Binding",
                ScopeKind.GROUP, "Binding_Group",
                ScopeKind.GROUP_DOMAIN, "Domain in Binding_Group",
                ScopeKind.GROUP_BINDING, "Binding in Binding_Group",
                ScopeKind.GROUP_BINDING_DOMAIN, "Domain in Binding in Binding_Group");
        return kinds.stream().sorted().map(words::get).collect(Collectors.joining(", "));
    }

    @Test
    void isWrongAsAWhole() {
        assertThat(code).isEqualTo(3);
        assertThat(problems)
                .hasSize((int) cases.stream().filter(one -> !one.allowed()).count());
    }
}
