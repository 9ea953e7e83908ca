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
import org.postern.core.engine.EngineRig.Configuration;
import org.postern.core.scope.OutboundSettings;
import org.postern.peer.MailPeer;
import org.postern.spi.mail.DeliveryOutcome;

/** What becomes of open sessions when another configuration comes into force. */
@Timeout(60)
class SettingsChangeTest {

    private static final String TEXT = "Subject: x\r\n\r\nx\r\n";

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

    /** Sessions stay open for an hour unless they are drained. */
    private Configuration as(String user, String password) {
        return rig.configure()
                .global(OutboundSettings.IDLE_TIMEOUT, Duration.ofHours(1))
                .route("a.example", peer.port())
                .login("a.example", user, password);
    }

    private void deliver(int count) throws IOException {
        rig.submit("s@example.org", TEXT, "x@a.example");
        eventually(() -> peer.messageCount() == count
                && rig.outcomes(DeliveryOutcome.Delivered.class).size() == count);
    }

    private int openSessions() {
        return rig.engine.runtime().sessions().size();
    }

    @Test
    void closesAnIdleSessionWhoseCredentialsAreNoLongerRight() throws Exception {
        as("alice", "wonderland").apply();
        deliver(1);
        assertThat(openSessions()).isEqualTo(1);

        as("bob", "builder").apply();

        eventually(() -> openSessions() == 0);
        deliver(2);
        assertThat(peer.messages().getLast().user()).contains("bob");
        assertThat(rig.outcomes(DeliveryOutcome.Deferred.class)).isEmpty();
    }

    @Test
    void closesAnIdleSessionWhoseTlsIsNoLongerRight() throws Exception {
        as("alice", "wonderland").apply();
        deliver(1);

        as("alice", "wonderland")
                .domain("a.example", OutboundSettings.TLS_VERIFY, "host")
                .apply();

        eventually(() -> openSessions() == 0);
    }

    @Test
    void keepsASessionThatTheNewConfigurationWouldOpenJustSo() throws Exception {
        as("alice", "wonderland").apply();
        deliver(1);

        as("alice", "wonderland")
                .login("b.example", "bob", "builder")
                .global(OutboundSettings.RETRY_INTERVAL, Duration.ofSeconds(60))
                .apply();

        assertThat(openSessions()).isEqualTo(1);
        deliver(2);
        assertThat(peer.logins()).isEqualTo(1);
    }

    @Test
    void sendsMailThatWaitsUnderTheNewCredentialsWithoutCountingAnAttempt() throws Exception {
        as("alice", "wonderland")
                .global(OutboundSettings.MAX_OUTBOUND_CONNECTIONS, 1L)
                .apply();
        for (int i = 0; i < 40; i++) {
            rig.submit("s@example.org", TEXT, "x@a.example");
        }
        eventually(() -> peer.messageCount() > 0);

        as("bob", "builder")
                .global(OutboundSettings.MAX_OUTBOUND_CONNECTIONS, 1L)
                .apply();
        rig.submit("s@example.org", TEXT, "last@a.example");

        eventually(() -> peer.messageCount() == 41 && rig.spool.left().isEmpty());
        assertThat(peer.messages().stream()
                        .filter(message -> message.recipients().getFirst().startsWith("last"))
                        .findFirst()
                        .orElseThrow()
                        .user())
                .contains("bob");
        assertThat(rig.outcomes(DeliveryOutcome.Deferred.class)).isEmpty();
        assertThat(rig.outcomes(DeliveryOutcome.Delivered.class)).hasSize(41);
    }
}
