// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.postern.core.engine.EngineRig.eventually;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postern.core.scope.OutboundSettings;
import org.postern.engine.Submission;
import org.postern.peer.MailPeer;
import org.postern.spi.policy.OutboundAuthSettings;
import org.postern.spi.spool.SpoolFullException;
import org.postern.spi.spool.SpooledMessage;

/** What is stored of a message, and when none is taken. */
class IntakeTest {

    private static final Map<String, String> CONTEXT =
            Map.of("outbound_smtp_auth_user", "alice", "outbound_smtp_auth_pass", "wonderland", "colour", "blue");
    private static final Map<String, String> WITHOUT_PASSWORD =
            Map.of("outbound_smtp_auth_user", "alice", "colour", "blue", "#password_left_out", "true");

    private EngineRig rig;

    @BeforeEach
    void start() throws IOException {
        rig = new EngineRig();
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private Map<String, String> storedFor(String... recipients) throws IOException {
        rig.submit("s@example.org", "x", CONTEXT, recipients);
        return rig.spool.left().getFirst().context();
    }

    /** Nothing is delivered, so that it can be looked at. */
    private EngineRig.Configuration suspended() {
        return rig.configure().global(OutboundSettings.SUSPEND_DELIVERY, true);
    }

    @Test
    void usesAPasswordThatReceptionSetAndDoesNotStoreIt() throws Exception {
        try (MailPeer peer = EngineRig.peerForAlice().start()) {
            rig.withPlain();
            assertThat(storedFor("x@a.example")).isEqualTo(WITHOUT_PASSWORD);
            rig.configure().route("a.example", peer.port()).apply();
            eventually(() -> peer.messageCount() == 1);
            assertThat(peer.messages().getFirst().user()).contains("alice");
        }
    }

    @Test
    void storesNoPasswordBeforeThereIsAConfiguration() throws Exception {
        assertThat(storedFor("x@a.example")).isEqualTo(WITHOUT_PASSWORD);
    }

    @Test
    void storesAPasswordWhereEveryRecipientsScopeSaysSo() throws Exception {
        suspended()
                .domain("a.example", OutboundAuthSettings.PERSIST_PASS, true)
                .domain("b.example", OutboundAuthSettings.PERSIST_PASS, true)
                .apply();
        assertThat(storedFor("x@a.example", "y@b.example")).isEqualTo(CONTEXT);
    }

    @Test
    void storesNoPasswordWhereOneRecipientsScopeDoesNotSaySo() throws Exception {
        suspended().domain("a.example", OutboundAuthSettings.PERSIST_PASS, true).apply();
        assertThat(storedFor("x@a.example", "y@b.example")).isEqualTo(WITHOUT_PASSWORD);
    }

    @Test
    void readsTheScopeOfTheGatewayThatReplacesTheDomain() throws Exception {
        suspended()
                .global(OutboundSettings.GATEWAY, "hub.example")
                .domain("hub.example", OutboundAuthSettings.PERSIST_PASS, true)
                .apply();
        assertThat(storedFor("x@a.example")).isEqualTo(CONTEXT);
    }

    @Test
    void letsNoVariableAllowWhatTheConfigurationDoesNot() throws Exception {
        suspended().apply();
        Map<String, String> bold = Map.of("outbound_smtp_auth_pass", "x", "outbound_smtp_auth_persist_pass", "true");
        rig.submit("s@example.org", "x", bold, "x@a.example");
        assertThat(rig.spool.left().getFirst().context()).doesNotContainKey("outbound_smtp_auth_pass");
    }

    @Test
    void deliversWithAStoredPasswordAfterARestart() throws Exception {
        try (MailPeer peer = EngineRig.peerForAlice().start()) {
            suspended().global(OutboundAuthSettings.PERSIST_PASS, true).apply();
            storedFor("x@a.example");
            rig.close();
            rig = rig.restarted().withPlain();
            rig.configure().route("a.example", peer.port()).apply();
            eventually(() -> peer.messageCount() == 1);
            assertThat(peer.messages().getFirst().user()).contains("alice");
        }
    }

    @Test
    void takesNothingMoreOnceTheEngineStops() throws Exception {
        try (Submission begun = rig.engine.intake().submit()) {
            rig.close();
            assertThatThrownBy(() -> rig.engine.intake().submit())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("stopping");
            begun.write(ByteBuffer.allocate(1));
        }
        assertThat(rig.spool.left()).isEmpty();
    }

    @Test
    void stillAcceptsWhatWasBegunBeforeTheEngineStopped() throws Exception {
        try (Submission begun = rig.engine.intake().submit()) {
            rig.close();
            rig.accept(begun, Optional.empty(), Map.of(), "x@a.example");
        }
        assertThat(rig.spool.left()).extracting(SpooledMessage::size).containsExactly(0L);
    }

    @Test
    void leavesNothingOfAMessageThatCouldNotBeStored() throws Exception {
        rig.spool.failing = true;
        assertThatThrownBy(() -> rig.submit("s@example.org", "x", "x@a.example"))
                .isInstanceOf(IOException.class);
        assertThat(rig.spool.left()).isEmpty();
        assertThat(rig.events).isEmpty();
    }

    @Test
    void takesNotificationsOfItsOwnWhileThereIsNoRoomForMailOfOthers() throws Exception {
        rig.spool.full = true;
        assertThatThrownBy(() -> rig.engine.intake().submit())
                .isInstanceOf(SpoolFullException.class)
                .hasMessage("full");
        try (Submission own = rig.engine.intake().resubmit()) {
            rig.accept(own, Optional.empty(), Map.of(), "x@a.example");
        }
        assertThat(rig.spool.left()).hasSize(1);
    }
}
