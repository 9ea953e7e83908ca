// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.core.engine.EngineRig.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.core.TestClock;
import org.postern.core.scope.OutboundSettings;
import org.postern.engine.dto.CredentialView;
import org.postern.peer.MailPeer;
import org.postern.spi.mail.DeliveryOutcome.Delivered;
import org.postern.spi.mail.DeliveryOutcome.Held;
import org.postern.spi.policy.OutboundAuthSettings;

/** What an engine at work says of its credentials, and what becomes of a retry. */
@Timeout(60)
class CredentialsTest {

    @TempDir
    Path state;

    private final TestClock clock = new TestClock();
    private final EngineRig.Store store = new EngineRig.Store();
    private EngineRig rig;
    private MailPeer peer;

    @BeforeEach
    void start() throws IOException {
        rig = new EngineRig(clock, state).withPlain();
        peer = MailPeer.builder()
                .mechanisms("PLAIN")
                .requireAuth()
                .account("alice", "right")
                .start();
        rig.engine.storeArrived(store, 0, 7);
        rig.configure()
                .route("a.example", peer.port())
                .domain("a.example", OutboundAuthSettings.KEY, "relay")
                .global(OutboundAuthSettings.LIMITS, List.of("sessions=3", "messages=9/d"))
                .global(OutboundSettings.IDLE_TIMEOUT, Duration.ofDays(1))
                .apply();
    }

    @AfterEach
    void stop() {
        rig.close();
        peer.close();
    }

    private void submit() throws IOException {
        rig.submit("s@example.org", "Subject: x\r\n\r\n", "x@a.example");
    }

    private CredentialView only() {
        assertThat(rig.engine.runtime().credentials()).hasSize(1);
        return rig.engine.runtime().credentials().getFirst();
    }

    @Test
    void tellsOfOneThatIsWell() throws Exception {
        store.put("relay", "alice", "right");
        submit();
        eventually(() -> rig.outcomes(Delivered.class).size() == 1);
        CredentialView view = only();
        assertThat(view.reference()).isEqualTo("test:relay");
        assertThat(view.version()).isEqualTo("v1");
        assertThat(view.user()).isEqualTo("alice");
        assertThat(view.peer()).isEqualTo("127.0.0.1:" + peer.port());
        assertThat(view.state()).isEqualTo("well");
        assertThat(view.nextLogin()).isEmpty();
        assertThat(view.lastLogin()).contains(clock.instant());
        assertThat(view.lastReply().orElseThrow()).startsWith("235 ");
        assertThat(view.sessions()).isEqualTo(1);
        assertThat(view.limits())
                .containsExactly(
                        new CredentialView.Limit("sessions=3", 1, 3), new CredentialView.Limit("messages=9/d", 1, 9));
    }

    @Test
    void tellsOfOneThatIsRefusedAndOfItsNextProbe() throws Exception {
        store.put("relay", "alice", "wrong");
        submit();
        eventually(() -> rig.outcomes(Held.class).size() == 1);
        CredentialView view = only();
        assertThat(view.state()).isEqualTo("refused");
        assertThat(view.refusals()).isEqualTo(1);
        assertThat(view.nextLogin()).contains(clock.instant().plus(Duration.ofMinutes(1)));
        assertThat(view.lastReply().orElseThrow()).startsWith("535 ").doesNotContain("wrong");
    }

    @Test
    void showsTheVersionThatIsUsedNowAndNotTheOneBefore() throws Exception {
        store.put("relay", "alice", "wrong");
        submit();
        eventually(() -> rig.outcomes(Held.class).size() == 1);
        store.put("relay", "alice", "right");
        rig.engine.storeChanged("test");
        eventually(() -> rig.outcomes(Delivered.class).size() == 1);
        assertThat(only().version()).isEqualTo("v2");
    }

    @Test
    void triesOneAtOnceAtAnOperatorsWordAndOnlyOnceInAnInterval() throws Exception {
        store.put("relay", "alice", "later right");
        submit();
        eventually(() -> rig.outcomes(Held.class).size() == 1);
        assertThat(rig.engine.runtime().retry("relay"))
                .singleElement()
                .satisfies(due -> assertThat(due.nextLogin()).isEmpty());
        eventually(() -> peer.failedLogins() == 2);
        eventually(() -> rig.outcomes(Held.class).size() == 2);
        assertThat(rig.engine.runtime().retry("test:relay"))
                .singleElement()
                .satisfies(spent -> assertThat(spent.nextLogin()).isPresent());
        assertThat(peer.failedLogins()).isEqualTo(2);
        peer.account("alice", "later right");
        clock.pass(Duration.ofMinutes(2));
        eventually(() -> rig.outcomes(Delivered.class).size() == 1);
        rig.close();
        assertThat(Files.readString(state.resolve("audit.log")))
                .contains(
                        "\"event\":\"retry\",\"result\":\"asked for\",\"by\":\"operator\",\"reference\":\"test:relay\"");
    }

    @Test
    void knowsNothingOfWhatWasNeverUsed() {
        assertThat(rig.engine.runtime().credentials()).isEmpty();
        assertThat(rig.engine.runtime().retry("relay")).isEmpty();
    }
}
