// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.meaning;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.config.store.Folder;
import org.postern.config.store.Words;
import org.postern.spi.policy.OutboundAuthSettings;
import org.postern.spi.settings.Located;
import org.postern.spi.settings.ScopeKind;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.SettingsSnapshot;
import org.postern.spi.settings.SettingsSnapshot.DomainPattern;

class InterpreterTest {

    @TempDir
    Path directory;

    private Folder folder;

    @BeforeEach
    void open() {
        folder = new Folder(directory);
    }

    private SettingsSnapshot snapshot(String text) {
        Loaded loaded = folder.load(text);
        assertThat(folder.problems(loaded)).noneMatch(problem -> problem.contains(": error: "));
        return loaded.snapshot();
    }

    private static Optional<Long> port(SettingsSnapshot snapshot, ScopePath place) {
        return snapshot.at(place, Words.PORT).flatMap(Located::value);
    }

    @Test
    void readsTheExampleOfTheDocumentUnchanged() throws Exception {
        try (var example = Words.class.getResourceAsStream("example-14.79.conf")) {
            folder.write("postern.conf", example.readAllBytes());
        }
        Loaded loaded = folder.load();
        assertThat(loaded.problems().kept()).singleElement().asString().contains("passwords in clear");
        SettingsSnapshot snapshot = loaded.snapshot();
        assertThat(snapshot.at(ScopePath.GLOBAL, Words.KEEP).orElseThrow().value())
                .contains(true);
        ScopePath sparkpost = ScopePath.ofDomain("sparkpost.com");
        assertThat(snapshot.at(sparkpost, OutboundAuthSettings.TYPE)
                        .orElseThrow()
                        .value())
                .contains(List.of("PLAIN"));
        assertThat(snapshot.at(sparkpost, OutboundAuthSettings.USER)
                        .orElseThrow()
                        .value())
                .contains("sparkpost");
        assertThat(snapshot.at(sparkpost, OutboundAuthSettings.KEY)
                        .orElseThrow()
                        .value())
                .contains("someotherstring");
        assertThat(snapshot.at(ScopePath.ofDomain("messagesystems.com"), OutboundAuthSettings.PASS)
                        .orElseThrow()
                        .value()
                        .orElseThrow()
                        .length())
                .isEqualTo(4);
    }

    @Test
    void refusesAConfigurationThatSetsNothing() {
        assertThat(folder.problemsOf("# all of it\n"))
                .singleElement()
                .asString()
                .contains("nothing is set here");
    }

    @Test
    void keepsEachOfTheEightPlacesApart() {
        SettingsSnapshot snapshot = snapshot("""
                Remote_SMTP_Port = 1
                Domain d { Remote_SMTP_Port = 2 }
                Binding b { Remote_SMTP_Port = 3
                  Domain d { Remote_SMTP_Port = 4 } }
                Binding_Group g { Remote_SMTP_Port = 5
                  Domain d { Remote_SMTP_Port = 6 }
                  Binding c { Remote_SMTP_Port = 7
                    Domain d { Remote_SMTP_Port = 8 } } }
                """);
        ScopePath group = ScopePath.ofGroup("g");
        List<ScopePath> places = List.of(
                ScopePath.GLOBAL,
                ScopePath.ofDomain("d"),
                ScopePath.ofBinding("b"),
                ScopePath.ofBinding("b").withDomain("d"),
                group,
                group.withDomain("d"),
                group.withBinding("c"),
                group.withBinding("c").withDomain("d"));
        for (int i = 0; i < places.size(); i++) {
            assertThat(port(snapshot, places.get(i))).contains(i + 1L);
            assertThat(places.get(i).kind()).isEqualTo(ScopeKind.values()[i]);
        }
        assertThat(snapshot.places()).hasSize(8);
        assertThat(snapshot.groupOf("c")).contains("g");
        assertThat(snapshot.groupOf("b")).isEmpty();
    }

    @Test
    void namesOfOptionsAndStanzasHaveNoCase() {
        SettingsSnapshot snapshot = snapshot("REMOTE_smtp_PORT = 1 dOMAIN D { remote_smtp_port = 2 }");
        assertThat(port(snapshot, ScopePath.GLOBAL)).contains(1L);
        assertThat(port(snapshot, ScopePath.ofDomain("d"))).contains(2L);
    }

    @Test
    void namesOfBindingsAndGroupsHaveCase() {
        SettingsSnapshot snapshot = snapshot("Binding b { } Binding B { } Binding_Group g { } Binding_Group G { }");
        assertThat(snapshot.places()).hasSize(4);
    }

    @Test
    void normalisesDomainNames() {
        SettingsSnapshot snapshot =
                snapshot("Domain \"Bücher.Example.\" { Remote_SMTP_Port = 1 } Domain \"[IPv6:2001:DB8::1]\" { }");
        assertThat(port(snapshot, ScopePath.ofDomain("xn--bcher-kva.example"))).contains(1L);
        assertThat(snapshot.hasAnyAt(ScopePath.ofDomain("[ipv6:2001:db8::1]"))).isTrue();
    }

    @Test
    void mergesRepeatedStanzasAndTakesTheLastDefinition() {
        SettingsSnapshot snapshot = snapshot(
                "Domain x { Remote_SMTP_Port = 1 TLS = no } Domain X. { Remote_SMTP_Port = 2 Remote_SMTP_Port = 3 }");
        assertThat(port(snapshot, ScopePath.ofDomain("x"))).contains(3L);
        assertThat(snapshot.at(ScopePath.ofDomain("x"), Words.TLS).orElseThrow().value())
                .contains("no");
    }

    @Test
    void knowsWhereAValueIsWritten() {
        SettingsSnapshot snapshot = snapshot("\n  Remote_SMTP_Port =\n 1");
        assertThat(snapshot.at(ScopePath.GLOBAL, Words.PORT)
                        .orElseThrow()
                        .origin()
                        .toString())
                .endsWith("postern.conf:2:3");
    }

    @Test
    void emptyAndFalseCancel() {
        SettingsSnapshot snapshot = snapshot(
                "Outbound_SMTP_AUTH_User = \"\" Outbound_SMTP_AUTH_Type = false Domain x { Outbound_SMTP_AUTH_Pass = '' }");
        assertThat(snapshot.at(ScopePath.GLOBAL, OutboundAuthSettings.USER)
                        .orElseThrow()
                        .value())
                .isEmpty();
        assertThat(snapshot.at(ScopePath.GLOBAL, OutboundAuthSettings.TYPE)
                        .orElseThrow()
                        .value())
                .isEmpty();
        assertThat(snapshot.at(ScopePath.ofDomain("x"), OutboundAuthSettings.PASS)
                        .orElseThrow()
                        .value())
                .isEmpty();
    }

    @Test
    void readsTypes() {
        SettingsSnapshot snapshot = snapshot("TLS = IfAvailable Idle_Timeout = 90 Routes = smtp://a:25");
        assertThat(snapshot.at(ScopePath.GLOBAL, Words.TLS).orElseThrow().value())
                .contains("ifavailable");
        assertThat(snapshot.at(ScopePath.GLOBAL, Words.IDLE).orElseThrow().value())
                .contains(Duration.ofSeconds(90));
        assertThat(snapshot.at(ScopePath.GLOBAL, Words.ROUTES).orElseThrow().value())
                .contains(List.of("smtp://a:25"));
    }

    @Test
    void searchesPatternsUnanchoredInTheOrderOfTheFile() {
        SettingsSnapshot snapshot = snapshot("""
                Domain /(?:^|[.])example[.](?:com|co[.]uk)$/ { Remote_SMTP_Port = 1 }
                Domain "/Yahoo\\\\./" { Remote_SMTP_Port = 2 }
                Domain /(?:^|[.])example[.](?:com|co[.]uk)$/ { TLS = required }
                """);
        List<DomainPattern> patterns = snapshot.patternsIn(ScopePath.GLOBAL);
        assertThat(patterns)
                .extracting(DomainPattern::text)
                .containsExactly("/(?:^|[.])example[.](?:com|co[.]uk)$/", "/Yahoo\\./");
        assertThat(patterns.getFirst().matches("mail.example.co.uk")).isTrue();
        assertThat(patterns.getFirst().matches("badexample.com")).isFalse();
        assertThat(patterns.getLast().matches("mail.yahoo.com")).isTrue();
        assertThat(port(snapshot, ScopePath.ofDomain(patterns.getLast().text())))
                .contains(2L);
    }

    @Test
    void warnsOfPatternsWithoutAnchors() {
        assertThat(folder.problemsOf("Domain /yahoo[.]com$/ {}"))
                .containsExactly(
                        "postern.conf:1:8: warning: the pattern is not anchored at its beginning and also matches"
                                + " longer names (^ and $ anchor it)");
        assertThat(folder.problemsOf("Domain /^yahoo[.]com/ {}"))
                .singleElement()
                .asString()
                .contains("at its end");
        assertThat(folder.problemsOf("Domain /[^a]yahoo[.]com\\$/ {}"))
                .singleElement()
                .asString()
                .contains("at its ends");
        assertThat(folder.problemsOf("Domain /(?:^|[.])example[.](?:com|co[.]uk)$/ {}"))
                .isEmpty();
    }

    @Test
    void saysWhereAPatternIsWrong() {
        assertThat(folder.problemsOf("Domain \"/^a(b$/\" {}"))
                .containsExactly("postern.conf:1:14: error: the pattern is not a regular expression: Unclosed group");
        assertThat(folder.problemsOf("Domain \"/^a\" {}"))
                .singleElement()
                .asString()
                .contains("between two slashes");
        assertThat(folder.problemsOf("Domain \"//\" {}"))
                .singleElement()
                .asString()
                .contains("between two slashes");
        assertThat(folder.problemsOf("Domain \"/" + "(".repeat(3990) + "/\" {}"))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"^(.*[.])*(.*[.])*x$", "^(x+x+)+y$", "^(?:(?:b*)*c)*$"})
    void warnsOfPatternsThatTakeTooLong(String regex) {
        assertThat(folder.problemsOf("Domain \"/" + regex + "/\" { }"))
                .singleElement()
                .asString()
                .startsWith("postern.conf:1:8: warning: the pattern takes too long on some names");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"^a{1001}$", "^(a{2000}){2}$", "^((^){999}){999}((^){999}){999}$", "^a{99999999999999999999}$"})
    void refusesPatternsThatCountInThousands(String regex) {
        assertThat(folder.problemsOf("Domain \"/" + regex + "/\" { }"))
                .singleElement()
                .asString()
                .startsWith("postern.conf:1:8: error: the pattern counts its repetitions in thousands");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "^(?:[a-z0-9-]+[.])*example[.](?:com|net)$",
                "^[0-9]{1,3}[.][0-9]{1,3}[.][0-9]{1,3}[.][0-9]{1,3}$",
                "^(?!mail)[a-z]{1,63}[.]example$",
                "^x\\\\{5000$"
            })
    void takesHonestPatternsWithoutAWord(String regex) {
        assertThat(folder.problemsOf("Domain \"/" + regex + "/\" { }")).isEmpty();
    }

    @Test
    void namesTheNearestOption() {
        assertThat(folder.problemsOf("Outbound_SMTP_AUHT_Usr = x"))
                .containsExactly("postern.conf:1:1: error: unknown option Outbound_SMTP_AUHT_Usr"
                        + " (did you mean Outbound_SMTP_AUTH_User?)");
        assertThat(folder.problemsOf("Something_Quite_Different = x"))
                .containsExactly("postern.conf:1:1: error: unknown option Something_Quite_Different");
    }

    @Test
    void namesTheNearestStanza() {
        assertThat(folder.problemsOf("Domian x { }"))
                .containsExactly("postern.conf:1:1: error: unknown stanza Domian (did you mean Domain?)");
        assertThat(folder.problemsOf("ESTMP_Listener { }"))
                .singleElement()
                .asString()
                .contains("ESMTP_Listener?");
    }

    @Test
    void tellsOptionsFromStanzas() {
        assertThat(folder.problemsOf("Domain = x")).singleElement().asString().contains("that is a stanza");
        assertThat(folder.problemsOf("TLS { }")).singleElement().asString().contains("that is an option");
    }

    @Test
    void saysWhereAnOptionMayStand() {
        assertThat(folder.problemsOf("Domain x { Keep_Message_Dicts_In_Memory = true }"))
                .containsExactly("postern.conf:1:12: error: Keep_Message_Dicts_In_Memory cannot stand here;"
                        + " its places: outside every stanza");
        assertThat(folder.problemsOf("Binding x { Routes = a }"))
                .singleElement()
                .asString()
                .contains("its places: outside every stanza, Domain");
        assertThat(folder.problemsOf("Concurrency = 5"))
                .singleElement()
                .asString()
                .contains("it may stand in ESMTP_Listener { }");
    }

    @Test
    void saysWhereAStanzaMayStand() {
        assertThat(folder.problemsOf("Domain x { Binding y { } }"))
                .singleElement()
                .asString()
                .contains("Binding cannot stand here; its places: outside every stanza or in a Binding_Group");
        assertThat(folder.problemsOf("Domain x { Domain y { } }")).hasSize(1);
        assertThat(folder.problemsOf("Binding_Group x { Binding_Group y { } }")).hasSize(1);
        assertThat(folder.problemsOf("Binding x { ESMTP_Listener { } }")).hasSize(1);
        assertThat(folder.problemsOf("Binding x { outbound_smtp_auth { } }")).hasSize(1);
    }

    @Test
    void refusesNamesThatAreNone() {
        for (String text : List.of(
                "Domain { }",
                "Domain \"\" { }",
                "Domain \".\" { }",
                "Domain \"a b\" { }",
                "Domain \"a\\nb\" { }",
                "Binding { }",
                "Binding \"a b\" { }",
                "Binding a:b { }",
                "Binding_Group \"\" { }")) {
            assertThat(folder.problemsOf(text))
                    .as(text)
                    .singleElement()
                    .asString()
                    .contains(": error: ");
        }
    }

    @Test
    void refusesABindingInTwoGroups() {
        assertThat(folder.problemsOf("Binding_Group g { Binding b { } } Binding_Group h { Binding b { } }"))
                .singleElement()
                .asString()
                .contains("already stands in g");
        assertThat(folder.problemsOf(
                        "Binding_Group g { Binding b { } } Binding_Group g { Binding b { } } Binding b { }"))
                .isEmpty();
    }

    @Test
    void warnsOfNamesThatNeverMatch() {
        assertThat(folder.problemsOf("Domain \"*.example.com\" { }"))
                .singleElement()
                .asString()
                .contains("never matches");
        assertThat(folder.problemsOf("Domain \".example.com\" { }"))
                .singleElement()
                .asString()
                .contains("never matches");
    }

    @Test
    void warnsThatHostsAreNotUsed() {
        assertThat(folder.problemsOf("Host mx.example.com { Whatever = 1 }"))
                .containsExactly("postern.conf:1:1: warning: Host is known to Momentum and not used here;"
                        + " the stanza is skipped");
    }

    @Test
    void acceptsTheModuleStanzasOneAtATime() {
        assertThat(folder.problemsOf("outbound_smtp_auth { debug_level = DEBUG }"))
                .isEmpty();
        assertThat(folder.problemsOf("Outbound_SMTP_AUTH_v0 { }\noutbound_smtp_auth_v0 { }"))
                .isEmpty();
        assertThat(folder.problemsOf("outbound_smtp_auth { enabled = true }"))
                .singleElement()
                .asString()
                .contains("warning");
        assertThat(folder.problemsOf("outbound_smtp_auth { enabled = perhaps }"))
                .anyMatch(p -> p.contains("must be true or false"));
        assertThat(folder.problemsOf("outbound_smtp_auth \"x\" { }"))
                .singleElement()
                .asString()
                .contains("no instance name");
        assertThat(folder.problemsOf("outbound_smtp_auth { Outbound_SMTP_AUTH_User = x }"))
                .singleElement()
                .asString()
                .contains("unknown option")
                .contains("it may stand outside every stanza");
    }

    @Test
    void refusesBothModuleStanzasAndNamesBothLines() {
        assertThat(folder.problemsOf("outbound_smtp_auth { }\n\noutbound_smtp_auth_v0 { }"))
                .singleElement()
                .asString()
                .startsWith("postern.conf:3:1: error: ")
                .endsWith("postern.conf:1:1");
    }

    @Test
    void checksTypes() {
        assertThat(folder.problemsOf("Remote_SMTP_Port = 70000"))
                .containsExactly("postern.conf:1:20: error: Remote_SMTP_Port must be a whole number from 1 to 65535");
        assertThat(folder.problemsOf("TLS = maybe"))
                .singleElement()
                .asString()
                .contains("one of no, ifavailable, required");
        assertThat(folder.problemsOf("Remote_SMTP_Port = ( 1 2 )"))
                .singleElement()
                .asString()
                .contains("not an array");
        assertThat(folder.problemsOf("Gateway = [ a = b ]"))
                .singleElement()
                .asString()
                .contains("not a dictionary");
    }

    @Test
    void neverRepeatsASecret() {
        for (String text : List.of(
                "Outbound_SMTP_AUTH_Pass = ( s3cret )",
                "Outbound_SMTP_AUTH_Pass = my s3cret = x",
                "Outbound_SMTP_AUTH_Pass = my s3cret x { }",
                "Outbound_SMTP_AUTH_Pass s3cret { }",
                "ESMTP_Listener { Shared_Secret = s3cret }",
                "Outbound_SMTP_AUTH_Pass = s3cret")) {
            assertThat(folder.problemsOf(text)).as(text).isNotEmpty().noneMatch(problem -> problem.contains("s3cret"));
        }
    }

    @Test
    void collectsAHundredProblemsAndCountsTheRest() {
        Loaded loaded = folder.load("Nonsense_Option = 1\n".repeat(250));
        assertThat(loaded.problems().kept()).hasSize(100);
        assertThat(loaded.problems().summary()).isEqualTo("250 errors, 0 warnings");
        assertThat(loaded.isRight()).isFalse();
    }

    @Test
    void anIncludedFileMayHoldAnyScope() {
        folder.write("group.conf", "Domain d { Remote_SMTP_Port = 9 }");
        assertThat(port(
                        snapshot("Binding_Group g { include group.conf }"),
                        ScopePath.ofGroup("g").withDomain("d")))
                .contains(9L);
    }

    @Test
    void takesOptionsOfAMegabyteAndNamesNoneOfThemInMessages() {
        String megabyte = "x".repeat(1 << 20);
        SettingsSnapshot snapshot =
                snapshot("Gateway = \"" + megabyte + "\" Outbound_SMTP_AUTH_Pass = '" + megabyte + "'");
        assertThat(snapshot.at(ScopePath.GLOBAL, Words.GATEWAY).orElseThrow().value())
                .contains(megabyte);
        for (String wrong : List.of("Remote_SMTP_Port = ", "TLS = ", "Domain \"/(" + megabyte + "/\" { } TLS = ")) {
            assertThat(folder.problemsOf(wrong + megabyte))
                    .isNotEmpty()
                    .allSatisfy(problem -> assertThat(problem).hasSizeLessThan(300));
        }
    }

    @Test
    void comparesNamesInAnyCaseAndInBothFormsOfIdn() {
        SettingsSnapshot snapshot = snapshot("""
                dOMAIN "BÜCHER.Example." { rEMOTE_smtp_PORT = 1 }
                DOMAIN "xn--bcher-kva.EXAMPLE" { tls = REQUIRED }
                domain 192.0.2.1 { Remote_SMTP_Port = 2 }
                domain "[IPv6:2001:DB8::1]" { Remote_SMTP_Port = 3 }
                """);
        assertThat(port(snapshot, ScopePath.ofDomain("xn--bcher-kva.example"))).contains(1L);
        assertThat(snapshot.at(ScopePath.ofDomain("xn--bcher-kva.example"), Words.TLS))
                .isPresent();
        assertThat(port(snapshot, ScopePath.ofDomain("192.0.2.1"))).contains(2L);
        assertThat(port(snapshot, ScopePath.ofDomain("[ipv6:2001:db8::1]"))).contains(3L);
    }

    @Test
    void readsAHundredThousandDomains() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            text.append("Domain \"d").append(i).append(".example\" { Remote_SMTP_Port = 587 }\n");
        }
        SettingsSnapshot snapshot = snapshot(text.toString());
        assertThat(snapshot.places()).hasSize(100_000);
        assertThat(port(snapshot, ScopePath.ofDomain("d99999.example"))).contains(587L);
    }

    @Test
    void readsTenMegabytesWell() {
        StringBuilder text = new StringBuilder();
        int domains = 0;
        while (text.length() < 10 * 1024 * 1024) {
            text.append("Domain \"d")
                    .append(domains++)
                    .append(".example.com\" {\n")
                    .append("  Outbound_SMTP_AUTH_Type = \"PLAIN\" # comment\n")
                    .append("  Outbound_SMTP_AUTH_User = \"user")
                    .append(domains)
                    .append("\"\n")
                    .append("  Outbound_SMTP_AUTH_Key = 'key'\n  Remote_SMTP_Port = 587\n}\n");
        }
        folder.write("postern.conf", text.toString());
        folder.load();
        long begin = System.nanoTime();
        Loaded loaded = folder.load();
        Duration taken = Duration.ofNanos(System.nanoTime() - begin);
        assertThat(loaded.isRight()).isTrue();
        assertThat(loaded.snapshot().places()).hasSize(domains);
        // Far above what it takes, so that a busy machine does not fail the build; quadratic behaviour takes hours.
        assertThat(taken).isLessThan(Duration.ofSeconds(20));
        System.getLogger("test").log(System.Logger.Level.INFO, "10 MB took " + taken.toMillis() + " ms");
    }

    @Test
    void readsTenMegabytesOnOneLineAndOfRubbish() {
        for (String piece :
                List.of("Domain /b {} ", "a /b ", "x = 1 ", "{ ", "\" ", "/ ", "Domain /(a {} ", "a = ( ")) {
            Loaded loaded = folder.load(piece.repeat(2 * 1024 * 1024 / piece.length()));
            assertThat(loaded.isRight()).as(piece).isFalse();
        }
    }
}
