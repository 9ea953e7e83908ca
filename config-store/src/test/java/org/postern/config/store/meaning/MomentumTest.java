// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.meaning;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.config.store.Folder;
import org.postern.config.store.LanguageVocabulary;
import org.postern.config.store.language.Sources;
import org.postern.spi.policy.OutboundAuthSettings;
import org.postern.spi.settings.ScopePath;

/** Files that were written for Momentum. */
class MomentumTest {

    private static final String INHERITED = """
            Hostname = "mta1.example.com"
            Spoolbase = /var/spool/ecelerity
            Security { User = ecuser Group = ecuser Capabilities = ( "net_bind" ) }
            ThreadPool "IO" { Concurrency = 20 }
            Debug_Flags { ERROR = ( ALL ) }
            ec_logger "ec_logger1" {
              mainlog = "/var/log/ecelerity/mainlog.ec" rejectlog = [ path = "cluster:///x" ]
            }
            Max_Resident_Active_Queue = 250
            Binding "b" {
              Max_Resident_Active_Queue = 10
              Adaptive_Sweep_Rule "r" { low_threshold = 5 codes = ( "10" "20" ) }
              Domain "example.com" {
                adaptive_enabled = on
                Outbound_SMTP_AUTH_User = "u"
              }
            }
            ESMTP_Listener {
              Enable = true
              Listen "127.0.0.1:2525" { Peer 10.0.0.0/8 { Open_Relay = true } Received_Hostname = x }
            }
            """;

    @TempDir
    Path directory;

    private Folder folder;

    @BeforeEach
    void open() {
        folder = new Folder(directory);
    }

    @Test
    void loadsWithOneWarningForEachWordThatIsNotUsed() {
        Loaded loaded = folder.load(INHERITED);
        assertThat(folder.problems(loaded))
                .containsExactly(
                        "postern.conf:1:1: warning: Hostname is known to Momentum and not used here",
                        "postern.conf:2:1: warning: Spoolbase is known to Momentum and not used here",
                        "postern.conf:9:1: warning: Max_Resident_Active_Queue is known to Momentum and not used here"
                                + " (and so at 1 more place)",
                        "postern.conf:14:5: warning: adaptive_enabled is known to Momentum and not used here",
                        "postern.conf:19:3: warning: Enable is known to Momentum and not used here",
                        "postern.conf:20:67: warning: Received_Hostname is known to Momentum and not used here",
                        "postern.conf:3:1: warning: Security is known to Momentum and not used here;"
                                + " the stanza is skipped",
                        "postern.conf:4:1: warning: ThreadPool is known to Momentum and not used here;"
                                + " the stanza is skipped",
                        "postern.conf:5:1: warning: Debug_Flags is known to Momentum and not used here;"
                                + " the stanza is skipped",
                        "postern.conf:6:1: warning: ec_logger is known to Momentum and not used here;"
                                + " the stanza is skipped",
                        "postern.conf:12:3: warning: Adaptive_Sweep_Rule is known to Momentum and not used here;"
                                + " the stanza is skipped",
                        "postern.conf:20:29: warning: Peer is known to Momentum and not used here;"
                                + " the stanza is skipped");
        assertThat(loaded.snapshot().at(ScopePath.ofBinding("b").withDomain("example.com"), OutboundAuthSettings.USER))
                .isPresent();
    }

    @Test
    void refusesEachOfTheirPlacesWhereTheFileAsksForIt() {
        Loaded loaded = folder.load(INHERITED + "Compatibility = STRICT");
        assertThat(loaded.isRight()).isFalse();
        assertThat(loaded.problems().errorCount()).isEqualTo(13);
        assertThat(folder.problems(loaded))
                .contains(
                        "postern.conf:11:3: error: Max_Resident_Active_Queue is known to Momentum and not used here"
                                + " (Compatibility = lenient makes this a warning)",
                        "postern.conf:20:29: error: Peer is known to Momentum and not used here"
                                + " (Compatibility = lenient makes this a warning)");
    }

    @Test
    void refusesMisspeltWordsAllTheSame() {
        assertThat(folder.problemsOf("Max_Resident_Active_Que = 250 ec_loger { }"))
                .hasSize(2)
                .allSatisfy(problem -> assertThat(problem).contains(": error: unknown "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Compatibility = loose", "Compatibility = ( a )", "Domain x { Compatibility = strict }"})
    void refusesAnyOtherCompatibility(String text) {
        assertThat(folder.problemsOf(text)).singleElement().asString().contains(": error: Compatibility ");
    }

    /** While bundles start, what they understand must keep the configuration from coming into force without it. */
    @Test
    void waitsForTheWordsOfBundles() {
        folder.write("postern.conf", "Gateway = x Outbound_SMTP_AUTH_User = y TLS = required ESMTP_Listener { }");
        Loaded early = Interpreter.interpret(
                Sources.read(folder.main(), Clock.systemUTC()), Vocabulary.EMPTY.plus(new LanguageVocabulary()), 1);
        assertThat(early.problems().errorCount()).isEqualTo(4);
    }

    @Test
    void doesNotPassOverAnOptionThatMeansSomethingElsewhere() {
        assertThat(folder.problemsOf("ESMTP_Listener { Gateway = x }"))
                .singleElement()
                .asString()
                .contains(": error: unknown option Gateway (it may stand outside every stanza");
    }

    @Test
    void knowsHundredsOfWords() {
        assertThat(MomentumWords.hasOption("Max_Resident_Messages")).isTrue();
        assertThat(MomentumWords.hasStanza("EC_Logger")).isTrue();
        assertThat(MomentumWords.hasOption("ec_logger")).isFalse();
        assertThat(MomentumWords.count()).isGreaterThan(300);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\r\\nRSET", "\\n", "\\r", "\n", "a\u0007b", "\u0085"})
    void refusesLineEndsInWhatReachesTheWire(String bad) {
        for (String option : new String[] {"Gateway", "Routes", "Outbound_SMTP_AUTH_User"}) {
            assertThat(folder.problemsOf(option + " = \"x" + bad + "\""))
                    .as(option)
                    .singleElement()
                    .asString()
                    .contains("error: " + option + " must not contain a line end or another control character");
        }
        assertThat(folder.problemsOf("Routes = ( good \"x" + bad + "\" )")).hasSize(1);
    }
}
