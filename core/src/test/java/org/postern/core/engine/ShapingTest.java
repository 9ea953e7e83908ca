// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.core.engine.EngineRig.eventually;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postern.core.TestClock;
import org.postern.core.scope.OutboundSettings;
import org.postern.engine.dto.SessionView;
import org.postern.peer.MailPeer;
import org.postern.spi.mail.DeliveryOutcome.Deferred;
import org.postern.spi.mail.DeliveryOutcome.Delivered;
import org.postern.spi.mail.DeliveryOutcome.Failed;
import org.postern.spi.mail.DeliveryOutcome.Held;
import org.postern.spi.settings.Throttle;

/** What the scopes say about how much goes out at once and per time, seen at the peer. */
@Timeout(60)
class ShapingTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final TestClock clock = new TestClock();
    private EngineRig rig;
    private MailPeer peer;
    private MailPeer other;

    @BeforeEach
    void start() throws IOException {
        rig = new EngineRig(clock).withPlain();
        peer = MailPeer.builder()
                .mechanisms("PLAIN")
                .account("alice", "a")
                .account("bob", "b")
                .start();
        other = MailPeer.builder().start();
    }

    @AfterEach
    void stop() {
        rig.close();
        peer.close();
        other.close();
    }

    private EngineRig.Configuration configuration() {
        return rig.configure()
                .route("a.example", peer.port())
                .route("b.example", other.port())
                .global(OutboundSettings.IDLE_TIMEOUT, Duration.ofHours(1));
    }

    private void submit(int count, String domain) throws IOException {
        for (int i = 0; i < count; i++) {
            rig.submit("s@example.org", "Subject: x\r\n\r\n", "x@" + domain);
        }
    }

    private long delivered() {
        return peer.messageCount() + other.messageCount();
    }

    private void assertStaysAt(long count) {
        eventually(() ->
                delivered() == count && rig.engine.runtime().sessions().stream().noneMatch(SessionView::busy));
        assertThat(delivered()).isEqualTo(count);
        assertThat(rig.outcomes(Deferred.class)).isEmpty();
        assertThat(rig.outcomes(Held.class)).isEmpty();
    }

    @Test
    void sendsNoMoreMessagesInATimeThanTheThrottleAllows() throws Exception {
        configuration()
                .global(OutboundSettings.OUTBOUND_THROTTLE_MESSAGES, new Throttle(3, MINUTE))
                .apply();
        submit(7, "a.example");
        assertStaysAt(3);
        clock.pass(MINUTE);
        assertStaysAt(6);
        clock.pass(MINUTE);
        eventually(() -> delivered() == 7);
    }

    @Test
    void countsEverythingTogetherThatOneThrottleHoldsFor() throws Exception {
        configuration()
                .global(OutboundSettings.OUTBOUND_THROTTLE_MESSAGES, new Throttle(4, MINUTE))
                .apply();
        submit(4, "a.example");
        submit(4, "b.example");
        assertStaysAt(4);
        clock.pass(MINUTE);
        eventually(() -> delivered() == 8);
    }

    @Test
    void countsAScopeWithAThrottleOfItsOwnByItself() throws Exception {
        configuration()
                .global(OutboundSettings.OUTBOUND_THROTTLE_MESSAGES, new Throttle(2, MINUTE))
                .domain("b.example", OutboundSettings.OUTBOUND_THROTTLE_MESSAGES, new Throttle(3, MINUTE))
                .apply();
        submit(5, "a.example");
        submit(5, "b.example");
        assertStaysAt(5);
        assertThat(peer.messageCount()).isEqualTo(2);
        assertThat(other.messageCount()).isEqualTo(3);
    }

    @Test
    void countsNothingThatIsSuspendedOrThrownAway() throws Exception {
        configuration()
                .global(OutboundSettings.OUTBOUND_THROTTLE_MESSAGES, new Throttle(2, MINUTE))
                .domain("b.example", OutboundSettings.SUSPEND_DELIVERY, true)
                .domain("c.example", OutboundSettings.BLACKHOLE, "internal")
                .apply();
        submit(5, "b.example");
        submit(5, "c.example");
        eventually(() -> rig.outcomes(Held.class).size() == 5
                && rig.outcomes(Failed.class).size() == 5);
        submit(2, "a.example");
        eventually(() -> peer.messageCount() == 2);
    }

    @Test
    void goesOnAtOnceWhenAThrottleIsTakenAway() throws Exception {
        configuration()
                .global(OutboundSettings.OUTBOUND_THROTTLE_MESSAGES, new Throttle(1, Duration.ofHours(1)))
                .apply();
        submit(3, "a.example");
        assertStaysAt(1);
        configuration().apply();
        eventually(() -> delivered() == 3);
    }

    @Test
    void makesNoMoreConnectionsInATimeThanTheThrottleAllowsAndGoesOnOverThoseItHas() throws Exception {
        configuration()
                .global(OutboundSettings.OUTBOUND_THROTTLE_CONNECTIONS, new Throttle(1, MINUTE))
                .global(OutboundSettings.MAX_DELIVERIES_PER_CONNECTION, 5L)
                .apply();
        submit(12, "a.example");
        assertStaysAt(5);
        clock.pass(MINUTE);
        assertStaysAt(10);
        clock.pass(MINUTE);
        eventually(() -> delivered() == 12);
        assertThat(peer.connections()).isEqualTo(3);
    }

    @Test
    void closesAnIdleSessionOfOneIdentityForAnotherUnderTheSameLimit() throws Exception {
        configuration().global(OutboundSettings.MAX_OUTBOUND_CONNECTIONS, 1L).apply();
        for (String user : new String[] {"alice", "bob", "alice"}) {
            long before = peer.messageCount();
            rig.submit(
                    "s@example.org",
                    "Subject: x\r\n\r\n",
                    Map.of("outbound_smtp_auth_user", user, "outbound_smtp_auth_pass", user.substring(0, 1)),
                    "x@a.example");
            eventually(() -> peer.messageCount() == before + 1);
            eventually(() -> rig.outcomes(Delivered.class).size() == before + 1);
            assertThat(rig.engine.runtime().sessions()).hasSize(1);
        }
        assertThat(peer.connections()).isEqualTo(3);
    }

    @Test
    void closesAnIdleSessionToOnePeerForAnotherWhereAllTogetherAreLimited() throws Exception {
        configuration()
                .global(OutboundSettings.SERVER_MAX_OUTBOUND_CONNECTIONS, 1L)
                .apply();
        submit(3, "a.example");
        eventually(() -> rig.outcomes(Delivered.class).size() == 3);
        submit(3, "b.example");
        eventually(() -> rig.outcomes(Delivered.class).size() == 6);
        assertThat(rig.engine.runtime().sessions()).hasSize(1);
    }

    @Test
    void deliversEverythingThoughManyDestinationsShareFewConnections() throws Exception {
        configuration()
                .global(OutboundSettings.SERVER_MAX_OUTBOUND_CONNECTIONS, 2L)
                .apply();
        submit(100, "a.example");
        submit(100, "b.example");
        eventually(() -> {
            assertThat(rig.engine.runtime().sessions()).hasSizeLessThanOrEqualTo(2);
            clock.pass(Duration.ofMillis(100));
            return delivered() == 200;
        });
        assertThat(rig.outcomes(Deferred.class)).isEmpty();
    }

    @Test
    void endsAConnectionThatHasNamedAsManyRecipientsAsItMay() throws Exception {
        configuration()
                .global(OutboundSettings.MAX_RECIPIENTS_PER_CONNECTION, 3L)
                .apply();
        for (int i = 1; i <= 4; i++) {
            int count = i;
            rig.submit("s@example.org", "Subject: x\r\n\r\n", "x@a.example", "y@a.example");
            eventually(() -> rig.outcomes(Delivered.class).size() == count);
        }
        assertThat(peer.connections()).isEqualTo(2);
    }
}
