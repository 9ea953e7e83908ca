// SPDX-License-Identifier: Apache-2.0
package org.postern.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.list;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whether the register of demands names for each of them a test that there is. */
class ConformanceTest {

    /** Rows of the faults of peers. */
    private static final int FAULTS = 42;

    private static final Path REGISTER = Path.of("../docs/conformance.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| ([A-Z]\\d?-\\d\\d) \\| .* \\| (.*) \\|$");
    private static final Pattern REFERENCE = Pattern.compile("`([A-Za-z0-9-]+)\\.([A-Za-z0-9_]+)`");
    private static final Pattern TEST = Pattern.compile("@(?:Test|ParameterizedTest|TestFactory)\\b"
            + "(?:(?!@Test\\b|;\\s*\\n)[\\s\\S])*?\\s(?:void|Stream<DynamicTest>) (\\w+)\\(");
    private static final Pattern NUMBER = Pattern.compile("\\b[cC]1[-_](\\d\\d)");

    private record Row(String id, String shownBy) {

        List<String> references() {
            return REFERENCE
                    .matcher(shownBy)
                    .results()
                    .map(found -> found.group(1) + "." + found.group(2))
                    .toList();
        }

        boolean saysWhyNot() {
            return shownBy.startsWith("open: ") || shownBy.startsWith("left out: ");
        }
    }

    private static List<Row> rows() throws IOException {
        return ROW.matcher(Files.readString(REGISTER))
                .results()
                .map(found -> new Row(found.group(1), found.group(2)))
                .toList();
    }

    /** Names, each with how the test is declared. */
    private static Map<String, String> tests() throws IOException {
        Map<String, String> tests = new HashMap<>();
        for (Path folder : EveryModule.folders("src/test")) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.forEach(file -> tests.putAll(testsIn(file)));
            }
        }
        return tests;
    }

    private static Map<String, String> testsIn(Path file) {
        String name = file.getFileName().toString();
        if (name.endsWith(".dialogue")) {
            return Map.of(name, "");
        }
        return name.endsWith(".java") ? methodsOf(name.replace(".java", ""), file) : Map.of();
    }

    private static Map<String, String> methodsOf(String type, Path file) {
        try {
            Map<String, String> methods = new HashMap<>();
            Matcher method = TEST.matcher(Files.readString(file));
            while (method.find()) {
                methods.put(type + "." + method.group(1), method.group());
            }
            return methods;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Test
    void hasEveryRowOnceAndInOrder() throws IOException {
        List<String> expected = Stream.of(
                        numbered("A3", 22), numbered("A4", 21), numbered("T", 30), numbered("C1", FAULTS))
                .flatMap(ids -> ids)
                .toList();
        assertThat(rows()).extracting(Row::id).isEqualTo(expected);
    }

    private static Stream<String> numbered(String part, int last) {
        return IntStream.rangeClosed(1, last).mapToObj(number -> String.format(Locale.ROOT, "%s-%02d", part, number));
    }

    @Test
    void namesATestForEachRowOrSaysWhyThereIsNone() throws IOException {
        assertThat(rows())
                .allMatch(row -> row.saysWhyNot() != !row.references().isEmpty(), "has tests or a reason, not both");
    }

    @Test
    void namesOnlyTestsThatThereAre() throws IOException {
        Set<String> tests = tests().keySet();
        assertThat(rows().stream()
                        .flatMap(row -> row.references().stream())
                        .filter(reference -> !tests.contains(reference)))
                .isEmpty();
    }

    @Test
    void namesForEachFaultOfAPeerATestThatHasItsNumber() throws IOException {
        Map<String, String> tests = tests();
        assertThat(rows().stream().filter(row -> row.id().startsWith("C1-") && !row.saysWhyNot()))
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row.references())
                        .as(row.id())
                        .anyMatch(reference ->
                                numbersIn(tests.getOrDefault(reference, "")).contains(row.id())));
    }

    @Test
    void listsEveryTestThatHasTheNumberOfAFault() throws IOException {
        Map<String, Row> rows = rows().stream().collect(Collectors.toMap(Row::id, Function.identity()));
        tests().forEach((test, declared) -> assertThat(numbersIn(declared))
                .as(test)
                .allSatisfy(number -> assertThat(rows.get(number))
                        .as(number)
                        .isNotNull()
                        .extracting(Row::references, list(String.class))
                        .contains(test)));
    }

    private static Set<String> numbersIn(String declared) {
        return NUMBER.matcher(declared)
                .results()
                .map(found -> "C1-" + found.group(1))
                .collect(Collectors.toSet());
    }
}
