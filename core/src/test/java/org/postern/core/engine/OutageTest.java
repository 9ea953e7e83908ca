// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.core.engine.EngineRig.eventually;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postern.core.TestClock;
import org.postern.core.scope.OutboundSettings;
import org.postern.peer.MailPeer;
import org.postern.peer.Stage;
import org.postern.spi.mail.DeliveryOutcome.Deferred;

/** When all mail of a domain is put off because none of its hosts can be reached. Connections are counted at the peers. */
@Timeout(60)
class OutageTest {

    private static final int MESSAGES = 12;

    private final CountDownLatch queued = new CountDownLatch(1);
    private final TestClock clock = new TestClock();
    private EngineRig rig;
    private MailPeer peer;
    private MailPeer second;

    @BeforeEach
    void start() throws IOException {
        rig = new EngineRig(clock);
        peer = MailPeer.builder().start();
        second = MailPeer.builder().start();
        refuse(peer);
    }

    @AfterEach
    void stop() {
        rig.close();
        peer.close();
        second.close();
    }

    /** Refuses callers, but not before all mail is in the queue. */
    private void refuse(MailPeer refusing) {
        refusing.override((stage, argument, connection) -> {
            if (stage != Stage.CONNECT) {
                return Optional.empty();
            }
            awaitBriefly(queued);
            return Optional.of("421 4.3.2 not now");
        });
    }

    private static void awaitBriefly(CountDownLatch latch) {
        try {
            latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /** Every message would connect for itself, one after the other. */
    private EngineRig.Configuration impatient(int... ports) {
        return rig.configure()
                .routes("a.example", ports)
                .global(OutboundSettings.HOST_FAILURE_RETRY, Duration.ZERO)
                .global(OutboundSettings.MAX_OUTBOUND_CONNECTIONS, 1L);
    }

    private void submit(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            rig.submit("s@example.org", "Subject: x\r\n\r\n", "x@a.example");
        }
    }

    private void assertAllPutOff(long connections) {
        queued.countDown();
        eventually(() -> rig.outcomes(Deferred.class).size() == MESSAGES);
        assertThat(peer.connections()).isEqualTo(connections);
    }

    @Test
    void putsAllMailOfADomainOffWhenItsOnlyHostHasFailedSoOften() throws Exception {
        submit(MESSAGES);
        impatient(peer.port())
                .domain("a.example", OutboundSettings.MX_FAILURES_TO_DELAY, 3L)
                .apply();
        assertAllPutOff(3);
        assertThat(rig.outcomes(Deferred.class).getLast().reason())
                .startsWith("4.4.0 [internal] no host of this domain could be reached: "
                        + "each has failed 3 times or more in succession; ")
                .contains("421 4.3.2 not now");
        assertThat(rig.spool.left())
                .hasSize(MESSAGES)
                .allSatisfy(message ->
                        assertThat(message.states().getFirst().attempts()).isEqualTo(1));
    }

    @Test
    void waitsUntilEachHostHasFailedSoOften() throws Exception {
        queued.countDown();
        submit(MESSAGES);
        impatient(peer.port(), second.port())
                .domain("a.example", OutboundSettings.MX_FAILURES_TO_DELAY, 3L)
                .apply();
        eventually(() -> second.messageCount() == MESSAGES);
        assertThat(rig.outcomes(Deferred.class)).isEmpty();
    }

    @Test
    void countsNoneWhereTheNumberIsZero() throws Exception {
        submit(MESSAGES);
        impatient(peer.port())
                .domain("a.example", OutboundSettings.MX_FAILURES_TO_DELAY, 0L)
                .apply();
        assertAllPutOff(MESSAGES);
    }

    @Test
    void countsFromTheBeginningOnceAHostHasBeenReached() throws Exception {
        queued.countDown();
        impatient(peer.port())
                .domain("a.example", OutboundSettings.MX_FAILURES_TO_DELAY, 3L)
                .apply();
        submit(2);
        eventually(() -> rig.outcomes(Deferred.class).size() == 2);
        peer.clearOverrides();
        submit(1);
        eventually(() -> peer.messageCount() == 1);
        refuse(peer);
        rig.configure()
                .routes("a.example", peer.port())
                .global(OutboundSettings.IDLE_TIMEOUT, Duration.ZERO)
                .apply();
        eventually(() -> rig.engine.runtime().sessions().isEmpty());
        impatient(peer.port())
                .domain("a.example", OutboundSettings.MX_FAILURES_TO_DELAY, 3L)
                .apply();
        submit(2);
        eventually(() -> rig.outcomes(Deferred.class).size() == 4);
        assertThat(rig.outcomes(Deferred.class))
                .extracting(Deferred::reason)
                .noneMatch(reason -> reason.contains("in succession"));
    }

    @Test
    void putsAllMailOfADomainOffWhenNoHostHasAnsweredForSoLong() throws Exception {
        queued.countDown();
        impatient(peer.port()).apply();
        submit(1);
        eventually(() -> rig.outcomes(Deferred.class).size() == 1);

        clock.pass(Duration.ofSeconds(899));
        submit(1);
        eventually(() -> rig.outcomes(Deferred.class).size() == 2);
        assertThat(rig.outcomes(Deferred.class).getLast().reason()).doesNotContain("could be reached");

        clock.pass(Duration.ofSeconds(1));
        submit(1);
        eventually(() -> rig.outcomes(Deferred.class).size() == 3);
        assertThat(rig.outcomes(Deferred.class).getLast().reason()).contains("for 900 seconds none has answered");
    }
}
