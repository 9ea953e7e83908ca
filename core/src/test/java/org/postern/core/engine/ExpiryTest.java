// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.core.engine.EngineRig.eventually;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postern.core.TestClock;
import org.postern.core.engine.EngineRig.Store;
import org.postern.core.scope.OutboundSettings;
import org.postern.engine.dto.QueueView;
import org.postern.peer.MailPeer;
import org.postern.spi.mail.DeliveryOutcome.Failed;
import org.postern.spi.mail.DeliveryOutcome.Held;
import org.postern.spi.policy.OutboundAuthSettings;

/** Mail that waits for us is given up only with time, and its sender hears whose fault it was. */
@Timeout(60)
class ExpiryTest {

    private final TestClock clock = new TestClock();
    private EngineRig rig;
    private MailPeer peer;

    @BeforeEach
    void start() throws IOException {
        rig = new EngineRig(clock).withPlain();
        peer = MailPeer.builder()
                .mechanisms("PLAIN")
                .requireAuth()
                .account("bob", "builder")
                .start();
    }

    @AfterEach
    void stop() {
        rig.close();
        peer.close();
    }

    /** Bob is for the notification, which must not depend on what failed. */
    private EngineRig.Configuration configuration() {
        return rig.configure()
                .route("a.example", peer.port())
                .route("example.org", peer.port())
                .login("example.org", "bob", "builder");
    }

    private void submitAndHold() throws IOException {
        rig.submit("s@example.org", "Subject: lost\r\n\r\n", "x@a.example");
        awaitHeld(1);
    }

    /** Told so often, and waiting by now: an hour that passed in between would count twice. */
    private void awaitHeld(int times) {
        eventually(() -> rig.outcomes(Held.class).size() == times && rig.inQueues(QueueView::held) == 1);
    }

    private String notification() {
        eventually(() -> peer.messageCount() == 1);
        assertThat(peer.messages().getFirst().mailFrom()).isEmpty();
        return new String(peer.messages().getFirst().content(), UTF_8);
    }

    @Test
    void countsFromNowWhatCameInWhileTheClockWasAhead() throws Exception {
        rig.submit("s@example.org", "Subject: early\r\n\r\n", "x@a.example");
        rig.close();
        TestClock setBack = new TestClock();
        setBack.pass(Duration.ofDays(-30));
        rig = rig.restarted(setBack).withPlain();
        configuration().login("a.example", "alice", "forgotten").apply();
        setBack.pass(Duration.ofHours(20));
        awaitHeld(1);
        assertThat(rig.outcomes(Failed.class)).isEmpty();

        setBack.pass(Duration.ofHours(4));

        assertThat(notification()).contains("Status: 5.4.7");
    }

    @Test
    void tellsTheSenderThatThisSideCouldNotAuthenticate() throws Exception {
        configuration().login("a.example", "alice", "forgotten").apply();
        submitAndHold();

        clock.pass(Duration.ofHours(23));
        awaitHeld(2);
        assertThat(rig.outcomes(Failed.class)).isEmpty();
        assertThat(peer.failedLogins()).isEqualTo(2);

        clock.pass(Duration.ofHours(1));
        assertThat(notification())
                .contains("the sending side could not authenticate")
                .contains("Final-Recipient: rfc822; x@a.example")
                .contains("Action: failed")
                .contains("Status: 5.4.7")
                .contains("Subject: lost")
                .doesNotContain("forgotten");
        eventually(() -> rig.spool.left().isEmpty());
    }

    @Test
    void givesMailUpWithTimeThoughItsStoreNeverAnswers() throws Exception {
        Store store = new Store();
        store.broken = true;
        rig.engine.storeArrived(store, 0, 7);
        configuration()
                .domain("a.example", OutboundAuthSettings.KEY, "key")
                .global(OutboundSettings.MESSAGE_EXPIRATION, Duration.ofHours(1))
                .apply();
        submitAndHold();

        clock.pass(Duration.ofHours(1));
        assertThat(notification()).contains("could not authenticate").contains("sealed");
        eventually(() -> rig.spool.left().isEmpty());
    }

    @Test
    void tellsNobodyWhereTheScopeWantsNoNotifications() throws Exception {
        configuration()
                .login("a.example", "alice", "forgotten")
                .domain("a.example", OutboundSettings.GENERATE_BOUNCES, false)
                .apply();
        submitAndHold();

        clock.pass(Duration.ofHours(24));
        eventually(() -> rig.spool.left().isEmpty());
        assertThat(rig.outcomes(Failed.class)).hasSize(1);
        assertThat(peer.messageCount()).isZero();
    }
}
