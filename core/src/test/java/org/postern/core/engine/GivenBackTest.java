// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.core.engine.EngineRig.eventually;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postern.core.scope.OutboundSettings;
import org.postern.peer.MailPeer;
import org.postern.peer.Stage;
import org.postern.spi.policy.OutboundAuthSettings;

/** What waits for its time, where the spool takes it back. */
@Timeout(60)
class GivenBackTest {

    private static final String TEXT = "Subject: x\r\n\r\nx\r\n";

    private EngineRig rig;
    private MailPeer peer;

    @BeforeEach
    void start() throws Exception {
        rig = new EngineRig();
        rig.spool.takesBack = true;
        peer = EngineRig.peerForAlice().start();
        peer.replyAt(Stage.RCPT, "grey@a.example", "451 4.7.1 come back later");
    }

    @AfterEach
    void stop() {
        rig.close();
        peer.close();
    }

    private EngineRig.Configuration configuration() {
        return rig.withPlain().configure().route("a.example", peer.port()).login("a.example", "alice", "wonderland");
    }

    private int attempts() {
        return rig.spool.left().getFirst().states().stream()
                .mapToInt(state -> state.attempts())
                .sum();
    }

    private int waiting() {
        return rig.inQueues(queue -> queue.delayed());
    }

    @Test
    void isForgotten() throws Exception {
        configuration().apply();
        rig.submit("s@example.org", TEXT, Map.of("campaign", "spring"), "grey@a.example");
        eventually(() -> attempts() == 1 && rig.engine.runtime().queues().isEmpty());
    }

    @Test
    void staysIfItsPasswordIsNotStored() throws Exception {
        configuration().apply();
        rig.submit("s@example.org", TEXT, Map.of(OutboundAuthSettings.PASS.key(), "wonderland"), "grey@a.example");
        eventually(() -> attempts() == 1 && waiting() == 1);
    }

    @Test
    void staysIfItsSenderIsToBeToldOfTheDelayBefore() throws Exception {
        configuration()
                .global(OutboundSettings.GENERATE_DELAY_DSN, true)
                .global(OutboundSettings.DELAY_DSN_RETRY_INTERVAL, Duration.ofSeconds(1))
                .apply();
        rig.submit("s@example.org", TEXT, "grey@a.example");
        eventually(() -> waiting() >= 1);
        assertThat(attempts()).isPositive();
    }
}
