// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.core.engine.EngineRig.eventually;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.core.TestClock;
import org.postern.core.scope.OutboundSettings;
import org.postern.peer.Extension;
import org.postern.peer.MailPeer;
import org.postern.peer.Stage;
import org.postern.spi.mail.DeliveryOutcome.Delivered;
import org.postern.spi.mail.DeliveryOutcome.Failed;

/** Mail for a peer that is far away, from the queue on. Without a message behind it none is followed by RSET. */
@Timeout(60)
class ConvoyTest {

    private static final Duration FAR = Duration.ofMillis(20);
    private static final String TEXT = "Subject: x\r\n\r\nhello\r\n";

    private final List<Stage> stages = new CopyOnWriteArrayList<>();
    private EngineRig rig;
    private MailPeer peer;

    @BeforeEach
    void start() throws IOException {
        rig = new EngineRig(new TestClock());
        begin(MailPeer.builder().with(Extension.CHUNKING));
    }

    private void begin(MailPeer.Builder builder) throws IOException {
        peer = builder.latency(FAR).start();
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

    private EngineRig.Configuration oneConnection() {
        return rig.configure()
                .route("a.example", peer.port())
                .global(OutboundSettings.GENERATE_BOUNCES, false)
                .domain("a.example", OutboundSettings.MAX_OUTBOUND_CONNECTIONS, 1L);
    }

    /** They wait for a configuration, so that all are there when the first goes. */
    private void submit(int messages) throws IOException {
        for (int i = 1; i <= messages; i++) {
            rig.submit("s@example.org", TEXT, "x" + i + "@a.example");
        }
    }

    private void assertEachCameOnce(int messages) {
        eventually(() -> rig.outcomes(Delivered.class).size() == messages);
        assertThat(peer.messages())
                .extracting(message -> message.recipients().getFirst())
                .doesNotHaveDuplicates()
                .hasSize(messages);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void oneGoesBehindTheOther(boolean chunking) throws Exception {
        if (!chunking) {
            peer.close();
            begin(MailPeer.builder());
        }
        submit(20);
        oneConnection().apply();

        assertEachCameOnce(20);
        assertThat(stages).contains(Stage.RSET);
        assertThat(peer.connections()).isEqualTo(1);
    }

    @Test
    void aNewSessionTakesWhatTheOldOneMayNot() throws Exception {
        submit(10);
        oneConnection()
                .domain("a.example", OutboundSettings.MAX_DELIVERIES_PER_CONNECTION, 3L)
                .apply();

        assertEachCameOnce(10);
        assertThat(stages).contains(Stage.RSET);
        assertThat(peer.connections()).isEqualTo(4);
    }

    @Test
    void whatWasRefusedBeforeItsSenderCouldBeToldIsNotSentBehindOthers() throws Exception {
        TestClock clock = new TestClock();
        rig.close();
        rig = new EngineRig(clock);
        Map<String, Integer> tries = new ConcurrentHashMap<>();
        peer.override((stage, argument, connection) -> {
            boolean first = stage == Stage.RCPT
                    && argument.endsWith("@a.example")
                    && tries.merge(argument, 1, Integer::sum) == 1;
            String refusal = argument.startsWith("x5@") ? "550 5.1.1 gone" : "451 4.2.1 busy";
            return first ? Optional.of(refusal) : Optional.empty();
        });
        submit(5);
        rig.spool.failing = true;
        oneConnection()
                .route("example.org", peer.port())
                .global(OutboundSettings.GENERATE_BOUNCES, true)
                .global(OutboundSettings.RETRY_INTERVAL, Duration.ofSeconds(20))
                .apply();
        eventually(() -> rig.inQueues(queue -> queue.delayed() + queue.held()) == 5);
        rig.spool.failing = false;
        clock.pass(Duration.ofMinutes(1));

        eventually(() -> rig.spool.left().isEmpty());
        assertThat(tries).containsEntry("x5@a.example", 1).containsEntry("x4@a.example", 2);
        assertThat(rig.outcomes(Failed.class)).hasSize(1);
    }

    @Test
    void whatIsRefusedHarmsNobodyBehindIt() throws Exception {
        for (int i = 2; i <= 10; i += 2) {
            peer.replyAt(Stage.RCPT, "x" + i + "@a.example", "550 5.1.1 gone");
        }
        submit(10);
        oneConnection().apply();

        assertEachCameOnce(5);
        eventually(() -> rig.outcomes(Failed.class).size() == 5);
        assertThat(peer.connections()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"message", "no"})
    void oneWaitsForTheOtherWhereTheScopeSaysSo(String howFar) throws Exception {
        submit(5);
        oneConnection()
                .domain("a.example", OutboundSettings.OUTBOUND_PIPELINING, howFar)
                .apply();

        assertEachCameOnce(5);
        assertThat(stages).doesNotContain(Stage.RSET);
        assertThat(stages.contains(Stage.DATA)).isEqualTo(howFar.equals("no"));
    }
}
