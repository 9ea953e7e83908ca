// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.postern.core.engine.EngineRig.eventually;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postern.core.TestClock;
import org.postern.core.scope.OutboundSettings;
import org.postern.engine.BindingRequest;
import org.postern.engine.PolicyException;
import org.postern.engine.Submission;
import org.postern.peer.MailPeer;
import org.postern.spi.mail.BodyType;
import org.postern.spi.mail.DeliveryOutcome.Held;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.policy.MessageContext;
import org.postern.spi.policy.MessageView;

/** Mail waits for the hooks that the configuration calls for: it never goes out past one that is yet to come. */
@Timeout(60)
class DecidersTest {

    private static final String TITLE = "scriptlet scriptlet";

    private final TestClock clock = new TestClock();
    private EngineRig rig;
    private MailPeer peer;

    @BeforeEach
    void start() throws IOException {
        rig = new EngineRig(clock).withPlain();
        // A peer that takes mail from anybody: whoever went past the hook would be delivered.
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

    private void submit() throws IOException {
        rig.submit("s@example.org", "Subject: x\r\n\r\n", "x@a.example");
    }

    /** As a listener does, which leaves the binding to hooks. */
    private void receive() throws IOException {
        try (Submission submission = rig.engine.intake().submit()) {
            submission.write(ByteBuffer.wrap("Subject: x\r\n\r\n".getBytes(US_ASCII)));
            submission.accept(
                    new Envelope(
                            Optional.empty(), List.of(MailAddress.parse("x@a.example")), BodyType.SEVEN_BIT, false),
                    new BindingRequest(Optional.empty(), false),
                    Map.of());
        }
    }

    private static void login(MessageView message, MessageContext context) {
        context.set("outbound_smtp_auth_user", "alice");
        context.set("outbound_smtp_auth_pass", "wonderland");
    }

    private void deciding(String digest) {
        rig.configure().route("a.example", peer.port()).deciding(digest, TITLE).apply();
    }

    private void afterTheGrace() {
        clock.pass(Duration.ofSeconds(30));
    }

    @Test
    void holdsMailUntilTheHookActsByTheStanzaInForce() throws Exception {
        rig.configure()
                .route("a.example", peer.port())
                .global(OutboundSettings.SUSPEND_DELIVERY, true)
                .apply();
        submit();
        deciding("d1");
        afterTheGrace();
        rig.engine.hookArrived(DecidersTest::login, 0, 1);
        eventually(() -> rig.outcomes(Held.class).stream()
                .anyMatch(held -> held.reason().contains("the configuration has " + TITLE)));
        rig.engine.hookActsBy(1, Optional.of("an earlier one"));
        assertThat(peer.messageCount()).isZero();
        rig.engine.hookActsBy(1, Optional.of("d1"));
        eventually(() -> peer.messageCount() == 1);
        assertThat(peer.messages().getFirst().user()).contains("alice");
    }

    @Test
    void takesNoMailInWhileAHookIsMissingThatMightChooseItsBinding() throws Exception {
        deciding("d1");
        afterTheGrace();
        assertThatThrownBy(this::receive).isInstanceOf(PolicyException.class).hasMessageContaining(TITLE);
        rig.engine.hookArrived(DecidersTest::login, 0, 1);
        rig.engine.hookActsBy(1, Optional.of("d1"));
        receive();
        eventually(() -> peer.messageCount() == 1);
    }

    @Test
    void waitsAMomentForAHookThatIsJustBeingTold() throws Exception {
        deciding("d1");
        CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> {
            try {
                submit();
            } catch (IOException refused) {
                throw new IllegalStateException(refused);
            }
        });
        rig.engine.hookArrived(DecidersTest::login, 0, 1);
        rig.engine.hookActsBy(1, Optional.of("d1"));
        sender.get();
        eventually(() -> peer.messageCount() == 1);
        assertThat(peer.messages().getFirst().user()).contains("alice");
        assertThat(rig.outcomes(Held.class)).isEmpty();
    }

    @Test
    void holdsMailAgainWhenTheHookIsGone() throws Exception {
        deciding("d1");
        rig.engine.hookArrived(DecidersTest::login, 0, 1);
        rig.engine.hookActsBy(1, Optional.of("d1"));
        submit();
        eventually(() -> peer.messageCount() == 1);
        rig.engine.hookLeft(1);
        afterTheGrace();
        assertThatThrownBy(this::receive).isInstanceOf(PolicyException.class);
        submit();
        eventually(() -> !rig.outcomes(Held.class).isEmpty());
        assertThat(peer.messageCount()).isEqualTo(1);
    }

    @Test
    void waitsForNobodyWhereTheConfigurationCallsForNone() throws Exception {
        rig.configure().route("a.example", peer.port()).apply();
        submit();
        eventually(() -> peer.messageCount() == 1);
        assertThat(peer.messages().getFirst().user()).isEmpty();
    }
}
