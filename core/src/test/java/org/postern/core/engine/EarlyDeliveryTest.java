// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.postern.core.engine.EngineRig.eventually;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postern.core.scope.OutboundSettings;
import org.postern.peer.MailPeer;
import org.postern.spi.event.DeliveryEvent;
import org.postern.spi.mail.MessageId;

/** What is done for a message while it becomes durable, and what is not. */
@Timeout(60)
class EarlyDeliveryTest {

    private final CompletableFuture<Void> flush = new CompletableFuture<>();
    private EngineRig rig;
    private MailPeer peer;

    @BeforeEach
    void start() throws IOException {
        rig = new EngineRig().withPlain();
        peer = EngineRig.peerForAlice().start();
        configure().apply();
        rig.spool.flush = flush;
    }

    private EngineRig.Configuration configure() {
        return rig.configure().route("a.example", peer.port()).login("a.example", "alice", "wonderland");
    }

    @AfterEach
    void stop() {
        flush.complete(null);
        rig.close();
        peer.close();
    }

    private CompletableFuture<MessageId> submitted() {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return rig.submit("s@example.org", "Subject: x\r\n\r\n", "x@a.example");
            } catch (IOException refused) {
                throw new CompletionException(refused);
            }
        });
    }

    private void refuse(CompletableFuture<MessageId> submitted) {
        flush.completeExceptionally(new IOException("no space left on device"));
        assertThatThrownBy(submitted::join).hasMessageContaining("no space left on device");
    }

    @Test
    void logsInAndSendsNothingUntilTheMessageIsDurable() {
        CompletableFuture<MessageId> submitted = submitted();
        eventually(() -> peer.logins() == 1);
        assertThat(submitted).isNotDone();
        assertThat(peer.messageCount()).isZero();

        flush.complete(null);

        submitted.join();
        eventually(() -> peer.messageCount() == 1);
        eventually(() -> rig.spool.left().isEmpty());
        assertThat(peer.connections()).isEqualTo(1);
    }

    @Test
    void saysThatItIsAcceptedBeforeItSaysWhatBecameOfIt() {
        flush.complete(null);
        for (int i = 0; i < 20; i++) {
            submitted().join();
        }
        eventually(() -> rig.spool.left().isEmpty());
        assertThat(rig.events.stream()
                        .filter(event ->
                                event instanceof DeliveryEvent.Accepted || event instanceof DeliveryEvent.AttemptEnded)
                        .map(EarlyDeliveryTest::id)
                        .distinct())
                .hasSize(20);
        rig.events.stream()
                .filter(DeliveryEvent.AttemptEnded.class::isInstance)
                .forEach(ended -> assertThat(
                                rig.events.stream().filter(event -> id(event).equals(id(ended))))
                        .first()
                        .isInstanceOf(DeliveryEvent.Accepted.class));
    }

    private static String id(DeliveryEvent event) {
        return switch (event) {
            case DeliveryEvent.Accepted accepted -> accepted.message().toString();
            case DeliveryEvent.AttemptEnded ended -> ended.message().toString();
            default -> "";
        };
    }

    @Test
    void forgetsAMessageThatIsNotAcceptedAndDeliversTheNext() {
        CompletableFuture<MessageId> submitted = submitted();
        eventually(() -> peer.logins() == 1);
        refuse(submitted);
        rig.spool.flush = CompletableFuture.completedFuture(null);
        submitted().join();

        eventually(() -> peer.messageCount() == 1);
        eventually(() -> rig.spool.left().isEmpty());
        assertThat(rig.events.stream().filter(DeliveryEvent.AttemptEnded.class::isInstance))
                .hasSize(1);
    }

    @Test
    void settlesNothingOfAMessageThatIsNotAccepted() {
        configure().domain("a.example", OutboundSettings.BLACKHOLE, "internal").apply();
        refuse(submitted());
        rig.close();

        assertThat(rig.events.stream().filter(DeliveryEvent.AttemptEnded.class::isInstance))
                .isEmpty();
    }

    @Test
    void asksNoHookAboutAMessageThatIsNotAccepted() {
        AtomicInteger asked = new AtomicInteger();
        rig.engine.hookArrived((message, context) -> asked.incrementAndGet(), 0, 1);
        refuse(submitted());
        rig.spool.flush = CompletableFuture.completedFuture(null);
        submitted().join();

        eventually(() -> peer.messageCount() == 1);
        assertThat(asked).hasValue(1);
    }

    @Test
    void leavesAMessageAloneThatIsForOthers() {
        CompletableFuture<MessageId> submitted = submitted();
        eventually(() -> peer.logins() == 1);
        rig.spool.holdsNoMore = true;
        flush.complete(null);
        submitted.join();
        rig.close();

        assertThat(peer.messageCount()).isZero();
        assertThat(rig.spool.left()).hasSize(1);
    }
}
