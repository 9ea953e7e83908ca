// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.core.engine.EngineRig.eventually;

import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postern.core.auth.InstalledMechanism;
import org.postern.core.sasl.FakeExchange;
import org.postern.peer.Accounts;
import org.postern.peer.MailPeer;
import org.postern.peer.ServerMechanism;
import org.postern.spi.credential.Octets;
import org.postern.spi.mail.DeliveryOutcome.Held;
import org.postern.spi.sasl.SaslMechanism;

/** When another mechanism is tried in the same session, and when not. */
@Timeout(60)
class NextMechanismTest {

    private static final InstalledMechanism STRONG =
            new InstalledMechanism("X-STRONG", 90, false, Set.of("password"), "test 1.0", 2);

    private record Refusing(String name, String reply) implements ServerMechanism {
        @Override
        public Exchange begin(Accounts accounts) {
            return response -> new Verdict.Denied(reply);
        }
    }

    private EngineRig rig;
    private MailPeer peer;

    @BeforeEach
    void start() throws IOException {
        rig = new EngineRig().withPlain();
    }

    @AfterEach
    void stop() {
        rig.close();
        peer.close();
    }

    private void deliver(String replyToStrong, SaslMechanism strong) throws IOException {
        rig.engine.mechanismArrived(STRONG, strong);
        peer = MailPeer.builder()
                .mechanism(new Refusing("X-STRONG", replyToStrong))
                .mechanisms("PLAIN")
                .requireAuth()
                .account("alice", "wonderland")
                .start();
        rig.configure()
                .route("a.example", peer.port())
                .login("a.example", "alice", "wonderland")
                .apply();
        rig.submit("s@example.org", "Subject: x\r\n\r\nbody\r\n", "x@a.example");
    }

    private static SaslMechanism strong() {
        return (context, credential) -> FakeExchange.first(Octets.utf8("proof"));
    }

    @Test
    void isTriedWhereThePeerRefusesTheMechanism() throws Exception {
        deliver("504 5.5.4 not for you", strong());
        eventually(() -> peer.messageCount() == 1);
        assertThat(peer.messages().getFirst().mechanism()).contains("PLAIN");
        assertThat(peer.connections()).isEqualTo(1);
    }

    @Test
    void isNeverTriedWhereThePeerRefusesTheCredential() throws Exception {
        deliver("535 5.7.8 wrong", strong());
        eventually(() -> rig.outcomes(Held.class).size() == 1);
        assertThat(peer.failedLogins()).isEqualTo(1);
        assertThat(peer.logins()).isZero();
    }

    @Test
    void isTriedWhereTheMechanismHasNoWayToWriteTheCredential() throws Exception {
        deliver("235 2.7.0 never asked", (context, credential) -> {
            throw new IllegalArgumentException("the password holds a comma");
        });
        eventually(() -> peer.messageCount() == 1);
        assertThat(peer.messages().getFirst().mechanism()).contains("PLAIN");
    }

    @Test
    void leavesAReasonThatNamesAllThatWereTried() throws Exception {
        rig.engine.mechanismLeft(EngineRig.PLAIN);
        rig.engine.mechanismArrived(EngineRig.PLAIN, (context, credential) -> {
            throw new IllegalArgumentException("the password holds a NUL");
        });
        deliver("504 5.5.4 not for you", strong());
        eventually(() -> rig.outcomes(Held.class).size() == 1);
        assertThat(rig.outcomes(Held.class).getFirst().reason())
                .contains("tried in this session: X-STRONG (the peer refused AUTH: 504 5.5.4 not for you), "
                        + "PLAIN (PLAIN cannot express this credential: the password holds a NUL)");
    }
}
