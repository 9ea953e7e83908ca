// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.core.engine.EngineRig.eventually;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postern.core.TestClock;
import org.postern.core.scope.OutboundSettings;
import org.postern.peer.Extension;
import org.postern.peer.MailPeer;
import org.postern.peer.ScriptedPeer;
import org.postern.peer.Stage;
import org.postern.peer.TestAuthority;
import org.postern.spi.mail.DeliveryOutcome;
import org.postern.spi.mail.DeliveryOutcome.Delivered;
import org.postern.spi.mail.DeliveryOutcome.Failed;

/** BDAT where it is offered, from the queue to the peer. */
@Timeout(60)
class OutboundChunkingTest {

    private static final String TEXT = "Subject: x\r\n\r\n.dot\r\n..\r\n.\r\n";

    private final TestClock clock = new TestClock();
    private final List<Stage> stages = new CopyOnWriteArrayList<>();
    private EngineRig rig;
    private MailPeer peer;

    @BeforeEach
    void start() throws IOException {
        rig = new EngineRig(clock);
        peer = MailPeer.builder().with(Extension.CHUNKING).start();
        peer.override((stage, argument, connection) -> {
            stages.add(stage);
            return Optional.empty();
        });
    }

    @AfterEach
    void stop() {
        rig.close();
        peer.close();
    }

    @Test
    void sendsContentAsItIsAndWithoutData() throws Exception {
        rig.configure().route("a.example", peer.port()).apply();
        for (int i = 1; i <= 3; i++) {
            int count = i;
            rig.submit("s@example.org", TEXT, "x@a.example");
            eventually(() -> peer.messageCount() == count);
        }
        assertThat(peer.messages())
                .allSatisfy(message ->
                        assertThat(new String(message.content(), UTF_8)).isEqualTo(TEXT));
        assertThat(stages).doesNotContain(Stage.DATA);
        assertThat(peer.connections()).isEqualTo(1);
    }

    @Test
    void sendsByDataWhereTheScopeSaysNo() throws Exception {
        rig.configure()
                .route("a.example", peer.port())
                .domain("a.example", OutboundSettings.OUTBOUND_CHUNKING, "no")
                .apply();
        rig.submit("s@example.org", TEXT, "x@a.example");
        eventually(() -> peer.messageCount() == 1);
        assertThat(new String(peer.messages().getFirst().content(), UTF_8)).isEqualTo(TEXT);
        assertThat(stages).contains(Stage.DATA);
    }

    @Test
    void goesOnInTheSameSessionAfterAllRecipientsWereRefused() throws Exception {
        peer.replyAt(Stage.RCPT, "gone@a.example", "550 5.1.1 gone");
        rig.configure()
                .route("a.example", peer.port())
                .global(OutboundSettings.GENERATE_BOUNCES, false)
                .apply();
        rig.submit("s@example.org", TEXT, "gone@a.example");
        eventually(() -> rig.outcomes(Failed.class).size() == 1);
        rig.submit("s@example.org", TEXT, "x@a.example");
        eventually(() -> peer.messageCount() == 1);
        assertThat(peer.connections()).isEqualTo(1);
    }

    @Test
    void sendsByDataInTheSameAttemptWhereBdatIsNotKnown() throws Exception {
        String hello = "S: 220 mx\nC: EHLO *\nS: 250-mx\nS: 250-PIPELINING\nS: 250 CHUNKING\n";
        String dialogue = "--- connection 1\n" + hello + """
                C: MAIL FROM:*
                C: RCPT TO:*
                C: BDAT 27 LAST
                C: <octets 27>
                S: 250 ok
                S: 250 ok
                S: 502 5.5.1 what
                wait
                --- connection 2
                """ + hello + """
                C: MAIL FROM:*
                C: RCPT TO:*
                C: DATA
                S: 250 ok
                S: 250 ok
                S: 354 go
                C: <content>
                S: 250 taken
                """;
        try (ScriptedPeer scripted =
                ScriptedPeer.playText("no-bdat", dialogue, TestAuthority.create(), Duration.ofSeconds(20))) {
            rig.configure().route("a.example", scripted.port()).apply();
            rig.submit("s@example.org", TEXT, "x@a.example");
            eventually(() -> rig.outcomes(Delivered.class).size() == 1);
            assertThat(rig.outcomes(DeliveryOutcome.class)).hasSize(1);
            rig.close();
            scripted.verify();
            assertThat(scripted.contents())
                    .allSatisfy(
                            content -> assertThat(new String(content, UTF_8)).isEqualTo(TEXT));
        }
    }
}
