// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.config.store.language.Item.Assignment;
import org.postern.config.store.language.Item.Stanza;
import org.postern.spi.settings.RawValue;

class LanguageTest {

    private final Problems problems = new Problems();
    private final List<String> included = new ArrayList<>();
    private boolean complete;

    private List<Item> parse(String text) {
        Parser parser = new Parser("f", text, problems, (path, operand, origin) -> {
            included.add(path + " at " + origin);
            return List.of();
        });
        List<Item> items = parser.parse();
        complete = parser.isComplete();
        return items;
    }

    private RawValue value(String text) {
        List<Item> items = parse("A = " + text);
        assertThat(problems.kept()).isEmpty();
        assertThat(items).hasSize(1);
        return ((Assignment) items.getFirst()).value();
    }

    private String scalar(String text) {
        return ((RawValue.Scalar) value(text)).text();
    }

    private List<String> array(String text) {
        return ((RawValue.Array) value(text)).items();
    }

    private Stanza stanza(String text) {
        List<Item> items = parse(text);
        assertThat(problems.kept()).isEmpty();
        assertThat(items).hasSize(1);
        return (Stanza) items.getFirst();
    }

    private String instance(String text) {
        return stanza(text).instance().orElseThrow().text();
    }

    private List<String> errors(String text) {
        parse(text);
        return problems.kept().stream().map(Problem::toString).toList();
    }

    @Test
    void anEmptyFileIsAnEmptyConfiguration() {
        assertThat(parse("")).isEmpty();
        assertThat(parse(" \t\r\n\f\n")).isEmpty();
        assertThat(parse("# only a comment")).isEmpty();
        assertThat(problems.kept()).isEmpty();
        assertThat(complete).isTrue();
    }

    @Test
    void commentsMayStandWhereBlanksMay() {
        List<Item> items = parse("# one\nA = 1 # two\n/* three\n * # \" ' { */ B /**/ = /* = */ 2\r# four\rC = 3");
        assertThat(items).hasSize(3);
        assertThat(problems.kept()).isEmpty();
    }

    @Test
    void commentsDoNotNest() {
        assertThat(errors("/* a /* b */ c */ A = 1")).isNotEmpty();
    }

    @Test
    void knowsLineAndColumnInCodePointsWithAnyLineEnd() {
        List<Item> items = parse("A = 1\r\nB = \"\uD83D\uDE00\" C = 2\r  D = 3\n\tE = 4");
        assertThat(items.stream().map(item -> item.word().origin().toString()))
                .containsExactly("f:1:1", "f:2:1", "f:2:9", "f:3:3", "f:4:2");
    }

    @Test
    void decodesFiveEscapesAndLeavesTheOthers() {
        assertThat(scalar("\"a\\r\\n\\t\\\"\\\\z\"")).isEqualTo("a\r\n\t\"\\z");
        assertThat(scalar("\"^b-\\d+\\.\\'\\0\\x41\"")).isEqualTo("^b-\\d+\\.\\'\\0\\x41");
        assertThat(scalar("\"\\\\d \\\\\\\\\"")).isEqualTo("\\d \\\\");
    }

    @Test
    void stringsGoOverLinesAndKeepThem() {
        assertThat(scalar("\"a\n b\r\nc\"")).isEqualTo("a\n b\r\nc");
    }

    @Test
    void singleQuotesQuoteToo() {
        assertThat(scalar("'a \"b\" # { \\\\ \\d'")).isEqualTo("a \"b\" # { \\ \\d");
        assertThat(scalar("\"it's\"")).isEqualTo("it's");
        assertThat(scalar("''")).isEmpty();
    }

    @Test
    void wordsNeedNoQuotes() {
        for (String word :
                List.of("yes", "/tmp/2025", "digest:///opt/a,b", "10.0.0.0/8", "a*b", "ünïcode", "x/*y", "-1")) {
            assertThat(scalar(word)).isEqualTo(word);
        }
    }

    @Test
    void aValueMayStandOnTheNextLine() {
        assertThat(scalar("\n\n  \"x\"")).isEqualTo("x");
    }

    @Test
    void arraysTakeCommasOrNot() {
        assertThat(array("( a \"b c\"\n'd' )")).containsExactly("a", "b c", "d");
        assertThat(array("(\"a\", b,c)")).containsExactly("a", "b", "c");
        assertThat(array("(a b,)")).containsExactly("a", "b");
        assertThat(array("()")).isEmpty();
        assertThat(array("( 127.0.0.0/8 10.10.10.0/24 )")).containsExactly("127.0.0.0/8", "10.10.10.0/24");
    }

    @Test
    void dictionariesKeepOrderAndTakeTheLastOfAKey() {
        RawValue value = value("[ uri = \"x\" \"0\" = '250 ok', a.b=c\n1.2.3.4 = 5 uri = y ]");
        assertThat(((RawValue.Dictionary) value).entries())
                .isEqualTo(Map.of("uri", "y", "0", "250 ok", "a.b", "c", "1.2.3.4", "5"));
        assertThat(((RawValue.Dictionary) value("[]")).entries()).isEmpty();
    }

    @Test
    void stanzasTakeAnyLayout() {
        assertThat(instance("Domain \"x\"{}")).isEqualTo("x");
        assertThat(instance("Domain 'x y' # why\n{ A = 1 B = 2 }")).isEqualTo("x y");
        assertThat(instance("Domain x\n\n{\n}")).isEqualTo("x");
        assertThat(instance("Listen /tmp/2025 {}")).isEqualTo("/tmp/2025");
        assertThat(instance("Listen /tmp/2025{}")).isEqualTo("/tmp/2025");
        assertThat(instance("Listen \"127.0.0.1:2525\" {}")).isEqualTo("127.0.0.1:2525");
        assertThat(stanza("outbound_smtp_auth{}").instance()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/yahoo\\.co(m|\\.uk)$/",
                "/(?:^|[.])example[.](?:com|co[.]uk)$/",
                "/a{2}/",
                "/a{2,3}\\.b/",
                "/^[a-z#\"']+=/",
                "/a\\/b/",
                "/a[/]b/",
                "/a b/"
            })
    void patternsNeedNoQuotes(String pattern) {
        assertThat(instance("Domain " + pattern + " { A = 1 }")).isEqualTo(pattern);
        assertThat(instance("Domain " + pattern + "{ A = 1 }")).isEqualTo(pattern);
        assertThat(instance("Domain " + pattern + "\n{ A = 1 }")).isEqualTo(pattern);
        assertThat(stanza("Domain " + pattern + " { A = 1 }").items()).hasSize(1);
    }

    @Test
    void quotedPatternsDecodeEscapesLikeAnyString() {
        assertThat(instance("Domain \"/a\\.b\\\\d/\" {}")).isEqualTo("/a\\.b\\d/");
    }

    @Test
    void aPathIsNoPatternBecauseAPatternFollowsOnTheSameLine() {
        assertThat(parse("Listen /b {} Domain /c/ {}")).hasSize(2);
    }

    @Test
    void includesMayStandAnywhereInAnyCase() {
        parse("include \"a\"\nReadOnly_Include b/c\nDomain x { INCLUDE 'd e' }");
        assertThat(problems.kept()).isEmpty();
        assertThat(included).containsExactly("a at f:1:1", "b/c at f:2:1", "d e at f:3:12");
    }

    @Test
    void saysWhereAStringWasOpened() {
        assertThat(errors("A = 1\n  B = \"abc\n"))
                .containsExactly("f:2:7: error: the string that begins here is never closed");
        assertThat(complete).isFalse();
    }

    @Test
    void saysWhereACommentWasOpened() {
        assertThat(errors("A = 1\n /* abc"))
                .containsExactly("f:2:2: error: the comment that begins here with /* is never closed");
    }

    @Test
    void saysWhereAStanzaWasOpened() {
        assertThat(errors("A = 1\nDomain x {\nB = 2"))
                .containsExactly("f:2:1: error: the stanza that begins here is never closed with \"}\"");
    }

    @Test
    void saysWhereAnArrayWasOpened() {
        assertThat(errors("A = ( b c")).containsExactly("f:1:5: error: what \"(\" begins here is never closed");
        assertThat(complete).isFalse();
    }

    @Test
    void refusesABraceThatClosesNothing() {
        assertThat(errors("A = 1\n}")).containsExactly("f:2:1: error: this \"}\" closes nothing");
    }

    @Test
    void refusesNulEverywhere() {
        for (String text : List.of("A\0 = 1", "A = \"\0\"", "# \0", "/* \0 */", "A = x\0")) {
            Problems fresh = new Problems();
            new Parser("f", text, fresh, (path, operand, origin) -> List.of()).parse();
            assertThat(fresh.kept().getFirst().toString()).as(text).contains("NUL");
        }
    }

    @Test
    void refusesInvisibleCharactersOutsideQuotes() {
        assertThat(errors("A =\u00A0yes"))
                .containsExactly("f:1:4: error: the character U+00A0 may stand in quotes only");
        assertThat(scalarOf("A = \"\u00A0\"")).isEqualTo("\u00A0");
    }

    private String scalarOf(String text) {
        return ((RawValue.Scalar) ((Assignment) parse(text).getFirst()).value()).text();
    }

    @Test
    void findsSeveralMistakesInOneRun() {
        List<String> errors =
                errors("A b\nB = 1\nC\nD = = 2\nDomain x {\n  E ( 1 )\n  F = 2\n}\n= 3\nG = [ a ]\nH = 4\n");
        assertThat(errors).hasSize(6);
        assertThat(errors.get(0)).startsWith("f:1:3: error: \"=\" is missing before this");
        assertThat(errors.get(1)).startsWith("f:4:1: error: \"=\" or \"{\" is missing after the name in line 3");
        assertThat(errors.get(2)).startsWith("f:4:5: error: a value is missing");
        assertThat(errors.get(3)).startsWith("f:6:5: error: \"=\" or \"{\" is missing");
        assertThat(complete).isTrue();
    }

    @Test
    void neverRepeatsAPasswordThatLacksItsQuotes() {
        for (String text : List.of(
                "Pass = my s3cret",
                "Pass = my s3cret word",
                "Pass = my{s3cret",
                "Pass = my}s3cret",
                "Pass s3cret",
                "Pass:s3cret",
                "Pass = \"abc\nPass = \"s3cret\"\n",
                "Pass = \"abc\nPass = \" s3cret \"\nB = \"c\"",
                "Pass = it's3cret",
                "Pass = ( s3cret",
                "Pass = [ s3cret ]",
                "= s3cret")) {
            Problems fresh = new Problems();
            List<Item> items = new Parser("f", text, fresh, (path, operand, origin) -> List.of()).parse();
            assertThat(fresh.kept().toString()).as(text).doesNotContain("s3cret");
            assertThat(items.toString()).as(text).doesNotContain("s3cret");
        }
    }

    @Test
    void suspectsTheStringThatWentOverSeveralLines() {
        assertThat(errors("A = \"abc\nB = \"x\"\nC = \"y\"").getFirst())
                .contains("missing")
                .contains("line 1");
    }

    @Test
    void warnsOfACommentInTheMiddleOfAValue() {
        assertThat(errors("A = abc#def"))
                .containsExactly("f:1:8: warning: a comment begins here, in the middle of a word"
                        + " (put the value in quotes if the # belongs to it)");
    }

    @Test
    void boundsTheDepthOfStanzas() {
        String deep = "a {".repeat(100_000);
        assertThat(errors(deep)).singleElement().asString().contains("more than 32 deep");
    }
}
