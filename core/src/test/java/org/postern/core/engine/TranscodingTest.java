// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.core.engine.EngineRig.eventually;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postern.core.scope.OutboundSettings;
import org.postern.peer.MailPeer;
import org.postern.peer.Stage;
import org.postern.spi.mail.DeliveryOutcome.Deferred;
import org.postern.spi.mail.DeliveryOutcome.Delivered;
import org.postern.spi.mail.DeliveryOutcome.Failed;
import org.postern.spi.mail.DeliveryOutcome.Held;

/** What an operator makes of the replies of a peer that says one thing and means another. */
@Timeout(60)
class TranscodingTest {

    private EngineRig rig;
    private MailPeer peer;

    @BeforeEach
    void start() throws IOException {
        rig = new EngineRig().withPlain();
        peer = MailPeer.builder()
                .mechanisms("PLAIN")
                .account("alice", "wonderland")
                .start();
    }

    @AfterEach
    void stop() {
        rig.close();
        peer.close();
    }

    private EngineRig.Configuration taking(String pattern, String replacement) {
        return rig.configure()
                .route("a.example", peer.port())
                .route("example.org", peer.port())
                .domain("a.example", OutboundSettings.RESPONSE_TRANSCODE_PATTERN, List.of(pattern))
                .domain("a.example", OutboundSettings.RESPONSE_TRANSCODE_REPLACE, replacement);
    }

    private void submit() throws IOException {
        rig.submit("s@example.org", "Subject: x\r\n\r\n", "x@a.example");
    }

    @Test
    void failsAMessageWhoseTemporaryRefusalIsTakenForAFinalOne() throws Exception {
        taking("454 no such user ('.*')", "554 5.1.1 no such user $1").apply();
        peer.replyAt(Stage.RCPT, "x@a.example", "454 no such user 'x'");
        submit();
        eventually(() -> rig.outcomes(Failed.class).size() == 1);
        assertThat(rig.outcomes(Failed.class).getFirst().reason()).isEqualTo("554 5.1.1 no such user 'x'");
        eventually(() -> peer.messageCount() == 1);
        assertThat(new String(peer.messages().getFirst().content(), UTF_8))
                .contains("Status: 5.1.1", "554 5.1.1 no such user 'x'");
    }

    @Test
    void triesAMessageAgainWhoseFinalRefusalIsTakenForATemporaryOne() throws Exception {
        taking("^550 (5.7.1 try later)$", "450 $1").apply();
        peer.replyAt(Stage.CONTENT, "", "550 5.7.1 try later");
        submit();
        eventually(() -> rig.outcomes(Deferred.class).size() == 1);
        assertThat(rig.outcomes(Deferred.class).getFirst().reason()).isEqualTo("450 5.7.1 try later");
        assertThat(rig.spool.left()).hasSize(1);
    }

    @Test
    void backsOffInsteadOfDoubtingTheCredentialWhereARefusedLoginIsTakenForATemporaryOne() throws Exception {
        taking("^535 .*overloaded", "454 4.7.0 $0")
                .login("a.example", "alice", "wonderland")
                .apply();
        peer.replyAt(Stage.AUTH, "PLAIN", "535 5.7.8 overloaded");
        submit();
        eventually(() -> rig.outcomes(Held.class).size() == 1);
        assertThat(rig.outcomes(Held.class).getFirst().reason()).contains("454 4.7.0 535 5.7.8 overloaded");
        assertThat(rig.outcomes(Failed.class)).isEmpty();
    }

    @Test
    void leavesRepliesAloneThatThePatternDoesNotOccurIn() throws Exception {
        taking("no such user", "554 gone").apply();
        peer.replyAt(Stage.RCPT, "x@a.example", "451 4.3.0 not now");
        submit();
        eventually(() -> rig.outcomes(Deferred.class).size() == 1);
        assertThat(rig.outcomes(Deferred.class).getFirst().reason()).isEqualTo("451 4.3.0 not now");
    }

    @Test
    void leavesSuccessAlone() throws Exception {
        taking(".", "554 everything is wrong").apply();
        submit();
        eventually(() -> rig.outcomes(Delivered.class).size() == 1);
    }
}
