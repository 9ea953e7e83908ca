// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.core.engine.EngineRig.eventually;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postern.core.scope.OutboundSettings;
import org.postern.engine.BindingRequest;
import org.postern.engine.Submission;
import org.postern.peer.MailPeer;
import org.postern.spi.mail.BodyType;
import org.postern.spi.mail.DeliveryOutcome.Held;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.policy.BindingChoice;
import org.postern.spi.policy.MessageContext;
import org.postern.spi.policy.OutboundAuthSettings;
import org.postern.spi.policy.ReceivedMessage;

/** Where the variables of a message are while it waits, and how they come back. */
@Timeout(60)
class ContextTest {

    private static final Map<String, String> CONTEXT =
            Map.of("outbound_smtp_auth_user", "alice", "outbound_smtp_auth_pass", "wonderland", "colour", "blue");

    private EngineRig rig;
    private MailPeer peer;
    private final List<String> seen = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() throws IOException {
        rig = new EngineRig().withPlain();
        peer = EngineRig.peerForAlice().start();
        rig.engine.hookArrived(
                (message, context) -> seen.add(context.get("colour").orElse("none")), 0, 1);
    }

    @AfterEach
    void stop() {
        rig.close();
        peer.close();
    }

    private EngineRig.Configuration configured(boolean suspended, boolean inMemory) {
        return rig.configure()
                .route("a.example", peer.port())
                .global(OutboundSettings.SUSPEND_DELIVERY, suspended)
                .global(OutboundSettings.KEEP_MESSAGE_DICTS_IN_MEMORY, inMemory);
    }

    /** Accepts a message, has it wait, lets it go. */
    private void deliverLater(boolean inMemory) throws IOException {
        configured(true, inMemory).apply();
        rig.submit("s@example.org", "Subject: x\r\n\r\n", CONTEXT, "x@a.example");
        eventually(() -> !rig.outcomes(Held.class).isEmpty());
        configured(false, inMemory).apply();
        eventually(() -> peer.messageCount() == 1);
    }

    @Test
    void isReadBackFromTheSpoolForAMessageThatWaited() throws Exception {
        deliverLater(false);
        assertThat(seen).containsExactly("blue");
        assertThat(rig.spool.finds).hasPositiveValue();
    }

    @Test
    void staysInMemoryWhereThatIsWanted() throws Exception {
        deliverLater(true);
        assertThat(seen).containsExactly("blue");
        assertThat(rig.spool.finds).hasValue(0);
    }

    @Test
    void keepsAPasswordInMemoryThatIsNotStored() throws Exception {
        deliverLater(false);
        assertThat(peer.messages().getFirst().user()).contains("alice");
    }

    @Test
    void isNotReadBackWhereThereIsNone() throws Exception {
        configured(true, false).apply();
        rig.submit("s@example.org", "Subject: x\r\n\r\n", "x@a.example");
        eventually(() -> !rig.outcomes(Held.class).isEmpty());
        configured(false, false).login("a.example", "alice", "wonderland").apply();
        eventually(() -> peer.messageCount() == 1);
        assertThat(rig.spool.finds).hasValue(0);
    }

    @Test
    void isStoredWithoutWhatIsExcluded() throws Exception {
        configured(true, false)
                .domain("a.example", OutboundSettings.EXCLUDE_VCTX_MESS, List.of("^col", "password_left"))
                .apply();
        rig.submit("s@example.org", "Subject: x\r\n\r\n", CONTEXT, "y@b.example", "x@a.example");
        assertThat(rig.spool.left().getFirst().context())
                .isEqualTo(Map.of("outbound_smtp_auth_user", "alice", "#password_left_out", "true"));
    }

    @Test
    void excludesAPasswordThatMightBeStored() throws Exception {
        configured(true, false)
                .global(OutboundAuthSettings.PERSIST_PASS, true)
                .global(OutboundSettings.EXCLUDE_VCTX_MESS, List.of("^outbound_smtp_auth_pass$"))
                .apply();
        rig.submit("s@example.org", "Subject: x\r\n\r\n", CONTEXT, "x@a.example");
        assertThat(rig.spool.left().getFirst().context())
                .doesNotContainKey("outbound_smtp_auth_pass")
                .containsEntry("colour", "blue");
    }

    @Test
    void asksTheHookOfReceptionAgainForAPasswordThatWasNotStored() throws Exception {
        configured(true, false).apply();
        rig.engine.bindingHookArrived(ContextTest::login, 0, 2);
        try (Submission submission = rig.engine.intake().submit()) {
            submission.write(ByteBuffer.wrap("Subject: x\r\n\r\n".getBytes(UTF_8)));
            submission.accept(
                    new Envelope(
                            Optional.of(MailAddress.parse("s@example.org")),
                            List.of(MailAddress.parse("x@a.example")),
                            BodyType.SEVEN_BIT,
                            false),
                    new BindingRequest(Optional.empty(), true),
                    Map.of());
        }
        rig.close();
        try (EngineRig again = rig.restarted()) {
            again.withPlain();
            again.engine.bindingHookArrived(ContextTest::login, 0, 2);
            again.configure().route("a.example", peer.port()).apply();
            eventually(() -> peer.messageCount() == 1);
        }
        assertThat(peer.messages().getFirst().user()).contains("alice");
    }

    private static BindingChoice login(ReceivedMessage message, MessageContext context) {
        context.set("outbound_smtp_auth_user", "alice");
        context.set("outbound_smtp_auth_pass", "wonderland");
        return new BindingChoice.Unchanged();
    }
}
