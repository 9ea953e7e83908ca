// SPDX-License-Identifier: Apache-2.0
package org.postern.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whether the register of demands names for each of them a test that there is. */
class ConformanceTest {

    private static final Path REGISTER = Path.of("../docs/conformance.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| ([A-Z]\\d?-\\d\\d) \\| .*? \\| (.*) \\|$");
    private static final Pattern REFERENCE = Pattern.compile("`([A-Za-z0-9-]+)\\.([A-Za-z0-9]+)`");
    private static final Pattern TEST = Pattern.compile(
            "@(?:Test|ParameterizedTest|TestFactory)\\b(?:(?!@Test\\b|;\\s*\\n)[\\s\\S])*?\\svoid (\\w+)\\(");

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

    private static Set<String> tests() throws IOException {
        Set<String> names = new HashSet<>();
        for (Path folder : EveryModule.folders("src/test")) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.forEach(file -> names.addAll(testsIn(file)));
            }
        }
        return names;
    }

    private static List<String> testsIn(Path file) {
        String name = file.getFileName().toString();
        if (name.endsWith(".dialogue")) {
            return List.of(name);
        }
        return name.endsWith(".java") ? methodsOf(name.replace(".java", ""), file) : List.of();
    }

    private static List<String> methodsOf(String type, Path file) {
        try {
            List<String> methods = new ArrayList<>();
            Matcher method = TEST.matcher(Files.readString(file));
            while (method.find()) {
                methods.add(type + "." + method.group(1));
            }
            return methods;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Test
    void hasEveryRowOnceAndInOrder() throws IOException {
        List<String> expected = Stream.of(numbered("A3", 22), numbered("A4", 21), numbered("T", 30))
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
        Set<String> tests = tests();
        assertThat(rows().stream()
                        .flatMap(row -> row.references().stream())
                        .filter(reference -> !tests.contains(reference)))
                .isEmpty();
    }
}
