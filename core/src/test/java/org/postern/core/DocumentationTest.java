// SPDX-License-Identifier: Apache-2.0
package org.postern.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whether the pages hang together: links lead somewhere, and decisions are numbered, dated and listed. */
class DocumentationTest {

    private static final Path ROOT =
            Path.of(System.getProperty("basedir", "."), "..").toAbsolutePath().normalize();
    private static final Path DECISIONS = ROOT.resolve("docs/adr");
    private static final Set<String> NOT_OURS = Set.of("target", ".git", "node_modules");

    private static final Pattern FENCED = Pattern.compile("(?ms)^ *```.*?^ *```");
    private static final Pattern LINK = Pattern.compile("]\\(<?([^)\\s>]+)>?\\)");
    private static final Pattern ELSEWHERE = Pattern.compile("[a-z][a-z0-9+.-]*:.*");
    private static final Pattern RECORD = Pattern.compile("(\\d{4})-[a-z0-9-]+\\.md");
    private static final Pattern STATUS =
            Pattern.compile("(?m)^Status: (accepted|proposed|superseded by \\[?\\d{4}.*), \\d{4}-\\d{2}-\\d{2}$");

    private static List<Path> pages() throws IOException {
        try (Stream<Path> all = Files.walk(ROOT)) {
            return all.filter(path -> path.toString().endsWith(".md"))
                    .filter(path -> Stream.iterate(path, p -> !p.equals(ROOT), Path::getParent)
                            .noneMatch(p -> NOT_OURS.contains(p.getFileName().toString())))
                    .sorted()
                    .toList();
        }
    }

    private static String prose(Path page) {
        try {
            return FENCED.matcher(Files.readString(page)).replaceAll("");
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static List<String> links(Path page) {
        return LINK.matcher(prose(page))
                .results()
                .map(found -> found.group(1))
                .filter(target -> !ELSEWHERE.matcher(target).matches())
                .toList();
    }

    private static Path target(Path page, String link) {
        String file = link.replaceFirst("#.*", "");
        return file.isEmpty() ? page : page.resolveSibling(file).normalize();
    }

    @Test
    void everyPageBeginsWithItsLicence() throws IOException {
        for (Path page : pages()) {
            assertThat(Files.readAllLines(page).getFirst())
                    .as(ROOT.relativize(page).toString())
                    .isEqualTo("<!-- SPDX-License-Identifier: Apache-2.0 -->");
        }
    }

    private static boolean leadsSomewhere(Path page, String link) {
        Path target = target(page, link);
        int anchor = link.indexOf('#');
        return target.startsWith(ROOT)
                && Files.exists(target)
                && (anchor < 0 || anchors(target).contains(link.substring(anchor + 1)));
    }

    private static Set<String> anchors(Path page) {
        return prose(page)
                .lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ *", "").toLowerCase(Locale.ROOT))
                .map(title -> title.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    @Test
    void hasNoLinkThatLeadsNowhere() throws IOException {
        List<String> dead = new ArrayList<>();
        for (Path page : pages()) {
            links(page).stream()
                    .filter(link -> !leadsSomewhere(page, link))
                    .forEach(link -> dead.add(ROOT.relativize(page) + ": " + link));
        }
        assertThat(dead).isEmpty();
        assertThat(pages()).as("pages that were looked at").hasSizeGreaterThan(20);
    }

    @Test
    void hasNoPageThatNobodyFinds() throws IOException {
        Set<Path> linked = pages().stream()
                .flatMap(page ->
                        links(page).stream().map(link -> target(page, link)).filter(target -> !target.equals(page)))
                .collect(Collectors.toSet());
        assertThat(pages())
                .filteredOn(page -> page.startsWith(ROOT.resolve("docs")))
                .filteredOn(page -> !linked.contains(page))
                .isEmpty();
    }

    private static List<Path> decisions() throws IOException {
        try (Stream<Path> files = Files.list(DECISIONS)) {
            return files.filter(file -> !file.endsWith("README.md")).sorted().toList();
        }
    }

    private static String number(Path decision) {
        Matcher matcher = RECORD.matcher(decision.getFileName().toString());
        assertThat(matcher.matches())
                .as("%s is named like 0001-words.md", decision)
                .isTrue();
        return matcher.group(1);
    }

    // A number is taken when work on a decision begins, so that those of work under way are missing.
    @Test
    void givesNoNumberToTwoDecisions() throws IOException {
        List<String> numbers =
                decisions().stream().map(DocumentationTest::number).toList();
        assertThat(numbers).doesNotHaveDuplicates().startsWith("0001");
    }

    @Test
    void saysOfEachDecisionWhatItsStatusIsAndSinceWhen() throws IOException {
        assertThat(decisions()).allSatisfy(decision -> {
            String text = Files.readString(decision);
            assertThat(text).containsPattern("(?m)^# " + number(decision) + " \\S");
            assertThat(text).containsPattern(STATUS);
        });
    }

    @Test
    void listsEachDecisionOnceInOrder() throws IOException {
        List<String> listed = Pattern.compile("(?m)^\\| \\[(\\d{4})]\\(([^)]+)\\) \\|")
                .matcher(Files.readString(DECISIONS.resolve("README.md")))
                .results()
                .peek(row -> assertThat(row.group(2)).startsWith(row.group(1)))
                .map((MatchResult row) -> row.group(2))
                .toList();
        assertThat(listed)
                .isEqualTo(decisions().stream()
                        .map(file -> file.getFileName().toString())
                        .toList());
    }
}
