// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.meaning;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.config.store.Folder;
import org.postern.config.store.Words;
import org.postern.config.store.language.Sources;
import org.postern.spi.credential.Secret;
import org.postern.spi.settings.Located;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingType;
import org.postern.spi.settings.SettingsSnapshot;
import org.postern.spi.settings.StanzaType;

class BundleStanzasTest {

    @TempDir
    Path directory;

    private Folder folder;

    @BeforeEach
    void open() {
        folder = new Folder(directory);
    }

    private Map<String, Object> only(String text) {
        Loaded loaded = folder.load(text);
        assertThat(folder.problems(loaded)).isEmpty();
        assertThat(loaded.stanzas()).hasSize(1);
        return loaded.stanzas().getFirst().comparable();
    }

    private static Vocabulary scripts() {
        return Folder.ALL_WORDS.plus(Words.of(List.of(), List.of(Words.SCRIPTLET.thatDecides())));
    }

    private Loaded loadScripts(String text) {
        folder.write("postern.conf", text);
        return Interpreter.interpret(Sources.read(folder.main(), Clock.systemUTC()), scripts(), 1);
    }

    @Test
    void addsStanzasOfScriptsUpThatHaveOneName() {
        Loaded loaded = loadScripts("""
                scriptlet "scriptlet" { script "b" { source = "b" } }
                Scriptlet scriptlet { script "a" { source = "a" } }
                """);
        assertThat(folder.problems(loaded)).isEmpty();
        assertThat(loaded.stanzas())
                .singleElement()
                .satisfies(
                        stanza -> assertThat(stanza.comparable().get("script")).isEqualTo(List.of("b", "a")));
    }

    @Test
    void refusesStanzasOfScriptsWithDifferentNamesAndSaysWhereTheFirstIs() {
        Loaded loaded = loadScripts("""
                scriptlet "scriptlet" { script "a" { source = "a" } }
                scriptlet "scriptlet" { script "b" { source = "b" } }
                  scriptlet "other" { script "c" { source = "c" } }
                """);
        assertThat(folder.problems(loaded))
                .singleElement()
                .asString()
                .startsWith(
                        "postern.conf:3:13: error: all stanzas of scriptlet have one name, and the first of them, at ")
                .contains("postern.conf:1:11, has another (what stands in stanzas of one name is added up");
        assertThat(loaded.isRight()).isFalse();
    }

    @Test
    void flattensInnerStanzas() {
        assertThat(only("ESMTP_Listener { Listen \"127.0.0.1:2525\" {} Listen \"[::1]:25\" { TLS_Required = YES } }"))
                .isEqualTo(Map.of(
                        "listen", List.of("127.0.0.1:2525", "[::1]:25"), "listen/[::1]:25/tls_required", "true"));
    }

    @Test
    void writesValuesInOneSpelling() {
        assertThat(
                        only(
                                "ESMTP_Listener { CONCURRENCY = \" 5\" Banner_Words = ( a, b ) Verbose = on Receive_Timeout = 060 }"))
                .isEqualTo(Map.of(
                        "concurrency",
                        "5",
                        "banner_words",
                        List.of("a", "b"),
                        "verbose",
                        "true",
                        "receive_timeout",
                        "60"));
        assertThat(only("ESMTP_Listener { Banner_Words = a }")).isEqualTo(Map.of("banner_words", List.of("a")));
        assertThat(folder.load("ESMTP_Listener { Banner_Words = a }")
                        .stanzas()
                        .getFirst()
                        .properties()
                        .get("banner_words"))
                .isInstanceOf(String[].class);
    }

    @Test
    void inheritsGlobalSettingsWhereverTheyAreWritten() {
        assertThat(only("ESMTP_Listener { Listen a {} Listen b { Relay_Hosts = c } }\nRelay_Hosts = ( x y )\nTLS = no"))
                .isEqualTo(Map.of(
                        "relay_hosts", List.of("x", "y"),
                        "listen", List.of("a", "b"),
                        "listen/a/relay_hosts", List.of("x", "y"),
                        "listen/b/relay_hosts", List.of("c")));
    }

    @Test
    void aStanzaOverridesWhatItInheritsAlsoForInnerOnes() {
        assertThat(only("Relay_Hosts = x ESMTP_Listener { Relay_Hosts = y Listen a {} }"))
                .containsEntry("relay_hosts", List.of("y"))
                .containsEntry("listen/a/relay_hosts", List.of("y"));
    }

    @Test
    void mergesRepeatedStanzas() {
        assertThat(
                        only(
                                "ESMTP_Listener { Concurrency = 1 Listen a {} } esmtp_listener { Concurrency = 2 Listen b {} Listen a { } }"))
                .isEqualTo(Map.of("concurrency", "2", "listen", List.of("a", "b")));
    }

    @Test
    void anEmptyStanzaIsStillToldAndAnAbsentOneIsNot() {
        assertThat(only("ESMTP_Listener { }")).isEmpty();
        assertThat(folder.load("Relay_Hosts = x").stanzas()).isEmpty();
    }

    @Test
    void namedStanzasBecomeOneConfigurationEach() {
        Loaded loaded = folder.load("Datasource a { Uri = x } Datasource b { Uri = y } Datasource a { }");
        assertThat(loaded.stanzas())
                .extracting(BundleStanza::identity)
                .containsExactly("org.postern.datasource~a", "org.postern.datasource~b");
        assertThat(folder.problemsOf("Datasource { }"))
                .singleElement()
                .asString()
                .contains("needs a name");
    }

    @Test
    void keepsSecretsOutOfTheDictionaryAndInTheSnapshot() {
        Loaded loaded = folder.load("Datasource a { Uri = x Password = 's3cret' Tokens = ( t0ken \"t1ken\" ) }");
        assertThat(folder.problems(loaded)).isEmpty();
        assertThat(loaded.stanzas().getFirst().properties()).containsOnlyKeys("uri");
        SettingsSnapshot snapshot = loaded.snapshot();
        assertThat(snapshot.secretIn(Words.DATASOURCE, "a", Words.PASSWORD).flatMap(Located::value))
                .contains(Secret.of("s3cret"));
        assertThat(snapshot.secretIn(Words.DATASOURCE, "a", Words.TOKENS).flatMap(Located::value))
                .contains(List.of(Secret.of("t0ken"), Secret.of("t1ken")));
        assertThat(snapshot.secretIn(Words.DATASOURCE, "a", Words.PASSWORD)
                        .orElseThrow()
                        .origin()
                        .toString())
                .contains(":1:24");
        assertThat(snapshot.secretIn(Words.DATASOURCE, "b", Words.PASSWORD)).isEmpty();
    }

    @Test
    void theLastSecretWinsAndAnotherOneIsAChangeThatShowsNothing() {
        Loaded before = folder.load("Datasource a { Password = one }");
        Loaded after = folder.load("Datasource a { Password = one Tokens = t } Datasource a { Password = two }");
        assertThat(after.snapshot()
                        .secretIn(Words.DATASOURCE, "a", Words.PASSWORD)
                        .flatMap(Located::value))
                .contains(Secret.of("two"));
        assertThat(after.isSameAs(before)).isFalse();
        assertThat(after.changesSince(Optional.of(before)).all())
                .extracting(Change::toString)
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).doesNotContain("one").doesNotContain("two"));
    }

    @Test
    void refusesSecretsInInnerStanzas() {
        assertThat(folder.problemsOf("ESMTP_Listener { Listen a { Shared_Secret = x } }"))
                .singleElement()
                .asString()
                .contains("secrets cannot stand in Listen");
    }

    @Test
    void checksOptionsAndNames() {
        assertThat(folder.problemsOf("ESMTP_Listener { Concurency = 1 }"))
                .singleElement()
                .asString()
                .contains("did you mean Concurrency?");
        assertThat(folder.problemsOf("ESMTP_Listener { Concurrency = 0 }"))
                .singleElement()
                .asString()
                .contains("whole number from 1 to 100000");
        assertThat(folder.problemsOf("ESMTP_Listener { TLS = no }"))
                .singleElement()
                .asString()
                .contains("unknown option TLS");
        assertThat(folder.problemsOf("ESMTP_Listener { Lisen a {} }"))
                .singleElement()
                .asString()
                .contains("did you mean Listen?");
        assertThat(folder.problemsOf("ESMTP_Listener x { }"))
                .singleElement()
                .asString()
                .contains("takes no name");
        assertThat(folder.problemsOf("ESMTP_Listener { Listen { } }"))
                .singleElement()
                .asString()
                .contains("needs a name");
        assertThat(folder.problemsOf("ESMTP_Listener { Listen a { } Listen A { } }"))
                .singleElement()
                .asString()
                .contains("letter case only");
    }

    @Test
    void tellsABundleOfAnAbsentStanzaWhereTheBundleWantsItAlways() {
        StanzaType always = StanzaType.forBundle("Spool", "org.postern.spool", "Where mail waits.")
                .evenIfAbsent();
        folder.write("postern.conf", "Domain d { }");
        Loaded loaded = Interpreter.interpret(
                Sources.read(folder.main(), Clock.systemUTC()),
                Vocabulary.EMPTY.plus(Words.of(List.of(), List.of(always))),
                1);
        assertThat(loaded.stanzas()).singleElement().satisfies(stanza -> {
            assertThat(stanza.pid()).isEqualTo("org.postern.spool");
            assertThat(stanza.comparable()).isEmpty();
        });
    }

    @Test
    void tellsNoBundleOfAnAbsentStanzaWhoseRoleAnotherHas() {
        Vocabulary words = Vocabulary.EMPTY.plus(Words.of(
                List.of(),
                List.of(
                        StanzaType.forBundle("Spool", "org.postern.spool", "Where mail waits.")
                                .evenIfAbsent()
                                .inRole("spool"),
                        StanzaType.forBundle("Other_Spool", "org.postern.other", "Where mail waits, too.")
                                .inRole("spool"))));
        assertThat(read("Domain d { }", words).stanzas())
                .singleElement()
                .extracting(BundleStanza::pid)
                .isEqualTo("org.postern.spool");
        assertThat(read("Other_Spool { }", words).stanzas())
                .singleElement()
                .extracting(BundleStanza::pid)
                .isEqualTo("org.postern.other");
        assertThat(read("Spool { }\nSpool { }", words).stanzas()).hasSize(1);
        assertThat(folder.problems(read("Spool { }\nOther_Spool { }", words)))
                .singleElement()
                .asString()
                .contains("postern.conf:2:1")
                .contains("Other_Spool cannot stand beside Spool")
                .contains("postern.conf:1:1");
    }

    @Test
    void tellsTheEngineWhichStanzasHaveASayByTheHashThatTheirBundleIsTold() {
        StanzaType deciding = StanzaType.forBundle(
                        "Decider", "org.example.decider", "Decides.", Setting.of("Word", SettingType.TEXT, "A word."))
                .thatDecides();
        Vocabulary words = Folder.ALL_WORDS.plus(Words.of(List.of(), List.of(deciding)));
        Loaded one = read("Decider { Word = a }", words);
        assertThat(one.snapshot().deciding())
                .isEqualTo(Map.of(one.stanzas().getFirst().digest(), "Decider"));
        assertThat(read("Decider { Word = a }\nTLS = no", words).snapshot().deciding())
                .isEqualTo(one.snapshot().deciding());
        assertThat(read("Decider { Word = b }", words).snapshot().deciding())
                .hasSize(1)
                .isNotEqualTo(one.snapshot().deciding());
        assertThat(read("ESMTP_Listener { }", words).snapshot().deciding()).isEmpty();
    }

    private Loaded read(String text, Vocabulary words) {
        folder.write("postern.conf", text);
        return Interpreter.interpret(Sources.read(folder.main(), Clock.systemUTC()), words, 1);
    }
}
