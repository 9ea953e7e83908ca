// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.core.engine.EngineRig.eventually;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postern.core.scope.OutboundSettings;
import org.postern.peer.MailPeer;
import org.postern.spi.mail.DeliveryOutcome.Delivered;

/** Whether domains with a host in common have sessions in common. Sessions are counted at the peer. */
@Timeout(60)
class SiblingDomainsTest {

    private EngineRig rig;
    private MailPeer peer;

    @BeforeEach
    void start() throws IOException {
        rig = new EngineRig().withPlain();
        peer = EngineRig.peerForAlice().account("bob", "builder").start();
    }

    @AfterEach
    void stop() {
        rig.close();
        peer.close();
    }

    /** Both domains are with the same host. */
    private EngineRig.Configuration siblings() {
        return rig.configure()
                .global(OutboundSettings.IDLE_TIMEOUT, Duration.ofHours(1))
                .route("a.example", peer.port())
                .route("b.example", peer.port());
    }

    private void deliver(String... domains) throws IOException {
        for (String domain : domains) {
            int before = rig.outcomes(Delivered.class).size();
            rig.submit("s@example.org", "Subject: x\r\n\r\n", "x@" + domain);
            eventually(() -> rig.outcomes(Delivered.class).size() == before + 1);
        }
    }

    @Test
    void letsMailToASiblingRideAnIdleSession() throws Exception {
        siblings()
                .login("a.example", "alice", "wonderland")
                .login("b.example", "alice", "wonderland")
                .apply();
        deliver("a.example", "b.example", "a.example");
        assertThat(peer.connections()).isEqualTo(1);
    }

    @Test
    void keepsSessionsOfSiblingsApartWhereTheConfigurationSaysSo() throws Exception {
        siblings()
                .login("a.example", "alice", "wonderland")
                .login("b.example", "alice", "wonderland")
                .global(OutboundSettings.MIGRATE_CONNECTIONS_BETWEEN_SIBLING_DOMAINS, false)
                .apply();
        deliver("a.example", "b.example", "a.example", "b.example");
        assertThat(peer.connections()).isEqualTo(2);
    }

    @Test
    void neverLetsASiblingWithAnotherAccountRide() throws Exception {
        siblings()
                .login("a.example", "alice", "wonderland")
                .login("b.example", "bob", "builder")
                .apply();
        deliver("a.example", "b.example");
        assertThat(peer.connections()).isEqualTo(2);
        assertThat(peer.messages().getLast().user()).contains("bob");
    }
}
