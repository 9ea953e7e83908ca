// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.core.engine.EngineRig.eventually;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postern.core.engine.EngineRig.Store;
import org.postern.core.scope.OutboundSettings;
import org.postern.engine.ExplainRequest;
import org.postern.engine.dto.Explanation;
import org.postern.peer.MailPeer;
import org.postern.spi.credential.Secret;
import org.postern.spi.mail.DeliveryOutcome.Held;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.policy.OutboundAuthSettings;

/** Users and passwords that a store keeps and the configuration, a hook or the reception only names. */
@Timeout(60)
class ReferencesTest {

    private static final String TEXT = "Subject: x\r\n\r\nHello.\r\n";

    private EngineRig rig;
    private MailPeer peer;
    private final Store store = new Store();

    @BeforeEach
    void start() throws IOException {
        rig = new EngineRig().withPlain();
        peer = EngineRig.peerForAlice().start();
        store.put("relay-1", "alice", "wonderland");
    }

    @AfterEach
    void stop() {
        rig.close();
        peer.close();
    }

    /** The store of the rig is called "test", which is no word of the language. */
    private EngineRig.Configuration configured() {
        return rig.configure()
                .route("a.example", peer.port())
                .global(OutboundAuthSettings.CREDENTIAL_STORES, List.of("test"));
    }

    private void referring() {
        configured()
                .domain("a.example", OutboundAuthSettings.PASS, Secret.of("test:relay-1"))
                .apply();
    }

    @Test
    void sendMailWithWhatTheStoreHolds() throws Exception {
        rig.engine.storeArrived(store, 0, 7);
        referring();
        rig.submit("s@example.org", TEXT, "x@a.example");
        eventually(() -> peer.messageCount() == 1);
        assertThat(peer.messages().getFirst().user()).contains("alice");
    }

    @Test
    void holdMailBeforeTheirStoreIsThereAndAreShownToNobody() throws Exception {
        referring();
        rig.submit("s@example.org", TEXT, "x@a.example");
        eventually(() -> !rig.outcomes(Held.class).isEmpty());
        assertThat(rig.outcomes(Held.class).getFirst().reason())
                .isEqualTo("no answer about credential 'test:relay-1' (Outbound_SMTP_AUTH_Pass at"
                        + " /nowhere/test.conf:3): store test: is not installed; no store is");
        assertThat(peer.connections()).isZero();

        rig.engine.storeArrived(store, 0, 7);
        eventually(() -> peer.messageCount() == 1);
        assertThat(peer.failedLogins()).isZero();
    }

    @Test
    void areTakenFromAHook() throws Exception {
        rig.engine.storeArrived(store, 0, 7);
        rig.engine.hookArrived((message, context) -> context.set("outbound_smtp_auth_pass", "test:relay-1"), 0, 1);
        configured().apply();
        rig.submit("s@example.org", TEXT, "x@a.example");
        eventually(() -> peer.messageCount() == 1);
        assertThat(peer.messages().getFirst().user()).contains("alice");
    }

    @Test
    void areStoredWithTheMessageThatReceptionGaveThem() throws Exception {
        configured().global(OutboundSettings.SUSPEND_DELIVERY, true).apply();
        rig.submit("s@example.org", TEXT, Map.of("outbound_smtp_auth_pass", "test:relay-1"), "x@a.example");
        eventually(() -> !rig.outcomes(Held.class).isEmpty());
        rig.close();
        try (EngineRig again = rig.restarted().withPlain()) {
            again.engine.storeArrived(store, 0, 7);
            again.configure()
                    .route("a.example", peer.port())
                    .global(OutboundAuthSettings.CREDENTIAL_STORES, List.of("test"))
                    .apply();
            eventually(() -> peer.messageCount() == 1);
        }
        assertThat(peer.messages().getFirst().user()).contains("alice");
    }

    @Test
    void areShownInExplanationsAndPasswordsAreNot() throws Exception {
        rig.engine.storeArrived(store, 0, 7);
        configured()
                .global(OutboundAuthSettings.PASS, Secret.of("wonderland"))
                .domain("a.example", OutboundAuthSettings.PASS, Secret.of("test:relay-1"))
                .apply();
        Explanation explanation = rig.engine
                .runtime()
                .explain(new ExplainRequest(
                        Optional.empty(), MailAddress.parse("x@a.example"), Optional.empty(), "", false));
        Explanation.Option password = explanation.options().stream()
                .filter(option -> option.name().equals("Outbound_SMTP_AUTH_Pass"))
                .findFirst()
                .orElseThrow();
        assertThat(password.value()).contains("test:relay-1");
        assertThat(password.levels())
                .extracting(Explanation.Level::value)
                .containsExactly(Optional.of("test:relay-1"), Optional.of(Explanation.HIDDEN));
        assertThat(explanation.credential().orElseThrow().key()).contains("test:relay-1");
        assertThat(explanation.credential().orElseThrow().user()).contains("alice");
        assertThat(explanation.toString()).doesNotContain("wonderland");
    }
}
