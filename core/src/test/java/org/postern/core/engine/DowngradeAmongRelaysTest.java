// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.core.engine.EngineRig.eventually;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.core.auth.DowngradeFile;
import org.postern.core.auth.InstalledMechanism;
import org.postern.core.cluster.FakeRegisters;
import org.postern.core.sasl.FakeExchange;
import org.postern.peer.Accounts;
import org.postern.peer.MailPeer;
import org.postern.peer.ServerMechanism;
import org.postern.spi.credential.Octets;
import org.postern.spi.mail.DeliveryOutcome.Delivered;
import org.postern.spi.mail.DeliveryOutcome.Held;

/** A host that took a stronger mechanism from one relay, and wants the secret from another that shares the queue with it. */
@Timeout(60)
class DowngradeAmongRelaysTest {

    private static final InstalledMechanism PROOF =
            new InstalledMechanism("X-PROOF", 90, false, Set.of("password"), "test 1.0", 2);

    @TempDir
    Path ofFirst;

    @TempDir
    Path ofSecond;

    private final FakeRegisters registers = new FakeRegisters(InstantSource.system());
    private EngineRig first;
    private EngineRig second;
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

    private EngineRig relay(Path state) throws IOException {
        EngineRig relay = new EngineRig(state, Optional.of(registers)).withPlain();
        relay.engine.mechanismArrived(PROOF, (context, credential) -> FakeExchange.first(Octets.utf8("proof")));
        relay.configure()
                .route("a.example", peer.port())
                .login("a.example", "alice", "wonderland")
                .apply();
        return relay;
    }

    @BeforeEach
    void start() throws IOException {
        peer = plainOnly().mechanism(new Proof("X-PROOF")).start();
        first = relay(ofFirst);
        second = relay(ofSecond);
    }

    @AfterEach
    void stop() {
        first.close();
        second.close();
        peer.close();
    }

    private static void submit(EngineRig relay) throws IOException {
        relay.submit("s@example.org", "Subject: x\r\n\r\nbody\r\n", "x@a.example");
    }

    @Test
    void isRefusedByTheOtherTooUntilAnOperatorAgreesAtEither() throws Exception {
        submit(first);
        eventually(() -> first.outcomes(Delivered.class).size() == 1);
        eventually(() -> !new DowngradeFile(ofSecond).read().isEmpty());

        int port = peer.port();
        peer.close();
        peer = plainOnly().port(port).start();
        submit(second);
        eventually(() -> second.outcomes(Held.class).size() == 1);
        assertThat(peer.logins() + peer.failedLogins()).as("nothing was shown").isZero();

        new DowngradeFile(ofFirst).accept("127.0.0.1", Optional.of(port));
        eventually(() -> peer.messageCount() == 1);
        assertThat(peer.messages().getFirst().mechanism()).contains("PLAIN");
    }
}
