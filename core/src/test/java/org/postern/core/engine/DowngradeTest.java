// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.core.engine.EngineRig.eventually;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.core.auth.InstalledMechanism;
import org.postern.core.sasl.FakeExchange;
import org.postern.peer.Accounts;
import org.postern.peer.MailPeer;
import org.postern.peer.ServerMechanism;
import org.postern.peer.Stage;
import org.postern.spi.credential.Octets;
import org.postern.spi.mail.DeliveryOutcome.Delivered;
import org.postern.spi.mail.DeliveryOutcome.Failed;
import org.postern.spi.mail.DeliveryOutcome.Held;

/** A host that once took a mechanism which shows no secret, and now wants one that does. */
@Timeout(60)
class DowngradeTest {

    /** Shows nothing, and is believed. */
    private static final InstalledMechanism PROOF =
            new InstalledMechanism("X-PROOF", 90, false, Set.of("password"), "test 1.0", 2);

    @TempDir
    Path state;

    private EngineRig rig;
    private MailPeer peer;

    private record Proof(String name) implements ServerMechanism {
        @Override
        public Exchange begin(Accounts accounts) {
            return response -> new Verdict.Granted("alice");
        }
    }

    private static MailPeer.Builder plainOnly() {
        return EngineRig.peerForAlice();
    }

    @BeforeEach
    void deliversWithTheStrongerMechanism() throws Exception {
        rig = start();
        peer = plainOnly().mechanism(new Proof("X-PROOF")).start();
        rig.configure()
                .route("a.example", peer.port())
                .login("a.example", "alice", "wonderland")
                .apply();
        submit();
        eventually(() -> rig.outcomes(Delivered.class).size() == 1);
        assertThat(peer.messages().getLast().mechanism()).contains("X-PROOF");
    }

    private EngineRig start() throws IOException {
        EngineRig fresh = new EngineRig(Clock.systemUTC(), state).withPlain();
        fresh.engine.mechanismArrived(PROOF, (context, credential) -> FakeExchange.first(Octets.utf8("proof")));
        return fresh;
    }

    @AfterEach
    void stop() {
        rig.close();
        peer.close();
    }

    private void submit() throws IOException {
        rig.submit("s@example.org", "Subject: x\r\n\r\nbody\r\n", "x@a.example");
    }

    /** Somebody else answers on the same port, or the host was changed. */
    private void replacePeer(MailPeer.Builder other) throws IOException {
        int port = peer.port();
        peer.close();
        peer = other.port(port).start();
    }

    private String downgrades(String... arguments) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        InputStream nothing = new ByteArrayInputStream(new byte[0]);
        int code = new DowngradesCommand(Optional.of(state)).run(List.of(arguments), nothing, out, out);
        return code + " " + printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void isRefusedReportedAndHeldUntilAnOperatorAgrees() throws Exception {
        replacePeer(plainOnly());
        submit();
        eventually(() -> rig.outcomes(Held.class).size() == 1);
        assertThat(rig.outcomes(Held.class).getFirst().reason())
                .contains("took X-PROOF for 'alice'", "downgrades accept 127.0.0.1:" + peer.port());
        assertThat(peer.logins() + peer.failedLogins()).as("nothing was shown").isZero();
        eventually(() -> downgrades("list").contains("it offers only PLAIN"));

        assertThat(downgrades("accept", "127.0.0.1:" + peer.port())).startsWith("0 accepted: 127.0.0.1");
        eventually(() -> peer.messageCount() == 1);
        assertThat(peer.messages().getFirst().mechanism()).contains("PLAIN");
        assertThat(rig.outcomes(Failed.class)).isEmpty();
        eventually(() -> downgrades("list", "--all").startsWith("0 0 hosts"));
    }

    @Test
    void isRefusedAfterARestartToo() throws Exception {
        eventually(() -> downgrades("list", "--all").contains("took X-PROOF"));
        rig.close();
        replacePeer(plainOnly());
        rig = start();
        rig.configure()
                .route("a.example", peer.port())
                .login("a.example", "alice", "wonderland")
                .apply();
        submit();
        eventually(() -> rig.outcomes(Held.class).size() == 1);
        assertThat(peer.logins()).isZero();
    }

    @Test
    void isRefusedWhereItOffersAndThenDeniesTheStrongerMechanism() throws Exception {
        replacePeer(plainOnly().mechanism(new Proof("X-PROOF")));
        peer.replyAt(Stage.AUTH, "X-PROOF", "504 5.5.4 never heard of it");
        submit();
        eventually(() -> rig.outcomes(Held.class).size() == 1);
        assertThat(peer.logins() + peer.failedLogins()).isZero();
    }

    @Test
    void isNoDowngradeWhereTheBundleIsGone() throws Exception {
        replacePeer(plainOnly().mechanism(new Proof("X-PROOF")));
        rig.engine.mechanismLeft(PROOF);
        submit();
        eventually(() -> peer.messageCount() == 1);
        assertThat(peer.messages().getFirst().mechanism()).contains("PLAIN");
    }

    @Test
    void theVerbSaysWhatIsWrongWithItsArguments() {
        assertThat(downgrades()).startsWith("2 usage:");
        assertThat(downgrades("--help")).startsWith("0 usage:");
        assertThat(downgrades("list", "--everything")).startsWith("2 usage:");
        assertThat(downgrades("accept")).startsWith("2 usage:");
        assertThat(downgrades("accept", "mx.example:99999999")).startsWith("2 usage:");
        assertThat(downgrades("accept", "mx.example:25"))
                .startsWith("1 downgrades: nothing is remembered of mx.example:25");
        assertThat(downgrades("--state", state.resolve("nowhere").toString(), "list"))
                .startsWith("2 downgrades: there is no directory");
        assertThat(downgrades("--state")).startsWith("2 ");
    }
}
