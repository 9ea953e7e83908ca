// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.core.engine.EngineRig.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.core.TestClock;
import org.postern.core.scope.OutboundSettings;
import org.postern.peer.MailPeer;
import org.postern.peer.Stage;
import org.postern.spi.audit.ChainVerification;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialStore;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.postern.spi.mail.DeliveryOutcome.Delivered;
import org.postern.spi.mail.DeliveryOutcome.Held;
import org.postern.spi.policy.OutboundAuthSettings;

/** What the audit log tells of an engine at work. */
@Timeout(60)
class AuditTest {

    private static final String CANARY = "canary-Zq81-password";

    @TempDir
    Path state;

    private final TestClock clock = new TestClock();
    private final EngineRig.Store store = new EngineRig.Store();
    private EngineRig rig;
    private MailPeer peer;

    @BeforeEach
    void start() throws IOException {
        rig = new EngineRig(clock, state).withPlain();
        peer = MailPeer.builder()
                .mechanisms("PLAIN")
                .requireAuth()
                .account("alice", CANARY)
                .start();
        store.put("relay", "alice", CANARY);
        rig.engine.storeArrived(store, 0, 7);
    }

    @AfterEach
    void stop() {
        rig.close();
        peer.close();
    }

    private EngineRig.Configuration configuration() {
        return rig.configure().route("a.example", peer.port()).domain("a.example", OutboundAuthSettings.KEY, "relay");
    }

    private List<String> log() throws IOException {
        rig.close();
        Path file = state.resolve("audit.log");
        List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
        if (!lines.isEmpty()) {
            ChainVerification found = ChainVerification.of(file, Optional.of(""), Optional.empty());
            assertThat(found.wrong()).isEmpty();
        }
        assertThat(String.join("\n", lines)).doesNotContain(CANARY, "Zq81");
        return lines;
    }

    private void submit() throws IOException {
        rig.submit("s@example.org", "Subject: x\r\n\r\n", "x@a.example");
    }

    @Test
    void tellsOfALoginWithUserReferenceVersionAndPeer() throws Exception {
        configuration().apply();
        submit();
        eventually(() -> rig.outcomes(Delivered.class).size() == 1);
        assertThat(log())
                .singleElement()
                .asString()
                .contains(
                        "\"event\":\"login\",\"result\":\"succeeded\",\"user\":\"alice\",\"reference\":\"test:relay\"",
                        "\"version\":\"v1\",\"peer\":\"127.0.0.1:" + peer.port() + "\"",
                        "\"tls\":\"none\",\"mechanism\":\"PLAIN\",\"configured\":\"/nowhere/test.conf:",
                        "\"reply\":\"235 ");
    }

    @Test
    void tellsOfARefusalAndOfTheBreakerThatOpensAndCloses() throws Exception {
        peer.account("alice", "another");
        configuration().apply();
        submit();
        eventually(() -> rig.outcomes(Held.class).size() == 1);
        store.put("relay", "alice", CANARY);
        peer.account("alice", CANARY);
        rig.engine.changed(new CredentialRef("relay"));
        eventually(() -> rig.outcomes(Delivered.class).size() == 1);
        assertThat(log().stream().map(AuditTest::eventAndResult))
                .containsExactly("login refused", "breaker open", "change noticed", "login succeeded");
    }

    private static String eventAndResult(String line) {
        return line.replaceAll(".*\"event\":\"([^\"]*)\",\"result\":\"([^\"]*)\".*", "$1 $2");
    }

    @Test
    void tellsOfALoginThatFailedForNow() throws Exception {
        peer.replyAt(Stage.AUTH, "", "454 4.7.0 not now\u001b[2J");
        configuration().apply();
        submit();
        eventually(() -> rig.outcomes(Held.class).size() == 1);
        assertThat(log())
                .singleElement()
                .asString()
                .contains("\"result\":\"failed for now\"")
                .doesNotContain("\u001b");
    }

    @Test
    void showsNoSecretThatAPeerRepeats() throws Exception {
        peer.replyAt(Stage.AUTHENTICATED, "", "535 5.7.8 no such password: " + CANARY);
        configuration().apply();
        submit();
        eventually(() -> rig.outcomes(Held.class).size() == 1);
        assertThat(log()).anyMatch(line -> line.contains("\"result\":\"refused\""));
    }

    @Test
    void tellsOnceThatASecretMayNotBeShown() throws Exception {
        rig.engine.storeLeft("test", 7);
        rig.engine.storeArrived(new ForOneHost(), 0, 8);
        configuration().apply();
        submit();
        submit();
        eventually(() -> rig.outcomes(Held.class).size() == 2);
        assertThat(peer.logins() + peer.failedLogins()).isZero();
        assertThat(log())
                .singleElement()
                .asString()
                .contains(
                        "\"event\":\"disclosure\",\"result\":\"refused\",\"user\":\"alice\"",
                        "\"mechanism\":\"PLAIN\"",
                        "\"reason\":\"the credential may be shown to other.example only, not to 127.0.0.1\"");
    }

    private record ForOneHost() implements CredentialStore {

        @Override
        public String name() {
            return "test";
        }

        @Override
        public Lookup lookup(CredentialRef ref) {
            return new Lookup.Found(new PasswordCredential(
                    "alice",
                    Secret.of(CANARY),
                    new CredentialVersion("v1"),
                    Optional.empty(),
                    Set.of("other.example")));
        }
    }

    @Test
    void isSwitchedOffByTheConfiguration() throws Exception {
        EngineRig.Configuration configuration = configuration();
        configuration.off(OutboundSettings.AUDIT_LOG).apply();
        submit();
        eventually(() -> rig.outcomes(Delivered.class).size() == 1);
        assertThat(log()).isEmpty();
    }
}
