// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.postern.core.engine.EngineRig.eventually;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postern.core.scope.OutboundSettings;
import org.postern.engine.ExplainRequest;
import org.postern.engine.dto.Explanation;
import org.postern.peer.MailPeer;
import org.postern.spi.credential.Secret;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.policy.BindingChoice;
import org.postern.spi.policy.OutboundAuthSettings;
import org.postern.spi.settings.ScopePath;

/** What an explanation says, and that a delivery does the same. */
@Timeout(60)
class ExplainTest {

    private EngineRig rig;

    @BeforeEach
    void start() throws IOException {
        rig = new EngineRig().withPlain();
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private Explanation explain(String recipient) throws InterruptedException {
        return explain(recipient, "");
    }

    private Explanation explain(String recipient, String header) throws InterruptedException {
        return rig.engine
                .runtime()
                .explain(new ExplainRequest(
                        Optional.of(MailAddress.parse("s@example.org")),
                        MailAddress.parse(recipient),
                        Optional.empty(),
                        header,
                        false));
    }

    private static Explanation.Option option(Explanation explanation, String name) {
        return explanation.options().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void namesTheAccountThatADeliveryUses() throws Exception {
        try (MailPeer peer = EngineRig.peerForAlice().start()) {
            rig.configure()
                    .route("a.example", peer.port())
                    .login("a.example", "alice", "wonderland")
                    .apply();
            Explanation explanation = explain("x@a.example");
            assertThat(explanation.authentication().verdict()).isEqualTo("authenticate");
            assertThat(explanation.credential().orElseThrow().user()).contains("alice");
            assertThat(explanation.routing().hosts()).containsExactly("127.0.0.1:" + peer.port());
            assertThat(explanation.session().orElseThrow().peer()).isEqualTo("127.0.0.1:" + peer.port());
            assertThat(peer.connections()).isZero();
            rig.submit("s@example.org", "Subject: x\r\n\r\n", "x@a.example");
            eventually(() -> peer.messageCount() == 1);
            assertThat(peer.messages().getFirst().user()).contains("alice");
            eventually(() -> explain("x@a.example").session().orElseThrow().idle());
        }
    }

    @Test
    void showsEveryPlaceThatSpeaksWinnerFirst() throws Exception {
        rig.configure()
                .route("a.example", 2525)
                .global(OutboundAuthSettings.USER, "everybody")
                .domain("a.example", OutboundAuthSettings.USER, "alice")
                .domain("a.example", OutboundAuthSettings.PASS, Secret.of("wonderland"))
                .apply();
        Explanation.Option user = option(explain("x@a.example"), "Outbound_SMTP_AUTH_User");
        assertThat(user.value()).contains("alice");
        assertThat(user.source()).isEqualTo("configuration");
        assertThat(user.levels())
                .extracting(Explanation.Level::place, level -> level.value().orElseThrow(), Explanation.Level::line)
                .containsExactly(tuple("domain a.example", "alice", 3), tuple("global", "everybody", 2));
    }

    @Test
    void showsNoSecretInAnyForm() throws Exception {
        rig.configure()
                .route("a.example", 2525)
                .login("a.example", "alice", "wonderland")
                .apply();
        rig.engine.hookArrived((message, context) -> context.set("outbound_smtp_auth_pass", "looking-glass"), 0, 1);
        Explanation explanation = explain("x@a.example");
        assertThat(explanation.toString()).doesNotContain("wonderland", "looking-glass");
        assertThat(option(explanation, "Outbound_SMTP_AUTH_Pass").value()).contains(Explanation.HIDDEN);
        assertThat(explanation.hooks().getFirst().changes())
                .containsExactly(new Explanation.Change("outbound_smtp_auth_pass", Optional.of(Explanation.HIDDEN)));
    }

    @Test
    void asksTheStoreUnlessItIsNotWanted() throws Exception {
        EngineRig.Store store = new EngineRig.Store();
        store.put("tenant-7", "bob", "builder");
        rig.engine.storeArrived(store, 0, 1);
        rig.configure()
                .route("a.example", 2525)
                .domain("a.example", OutboundAuthSettings.KEY, "tenant-7")
                .domain("b.example", OutboundAuthSettings.KEY, "tenant-8")
                .route("b.example", 2525)
                .apply();
        Explanation.CredentialExplained found =
                explain("x@a.example").credential().orElseThrow();
        assertThat(found.status()).isEqualTo("found");
        assertThat(found.source()).contains("test:tenant-7");
        assertThat(found.version()).contains("v1");
        assertThat(found.user()).contains("bob");
        assertThat(explain("x@b.example").credential().orElseThrow().status()).isEqualTo("missing");
        store.broken = true;
        Explanation offline = rig.engine
                .runtime()
                .explain(new ExplainRequest(
                        Optional.empty(), MailAddress.parse("x@a.example"), Optional.empty(), "", true));
        assertThat(offline.credential().orElseThrow().status()).isEqualTo("not asked");
        assertThat(offline.routing().trouble()).contains("not looked up");
    }

    @Test
    void saysWhatAHookChangedAndThatItFailed() throws Exception {
        rig.configure().route("a.example", 2525).apply();
        rig.engine.hookArrived(
                (message, context) -> {
                    context.set(
                            "outbound_smtp_auth_user",
                            message.header("X-Tenant").getFirst());
                    context.set("outbound_smtp_auth_pass", "secret");
                },
                0,
                1);
        Explanation explanation = explain("x@a.example", "X-Tenant: seven\r\n");
        assertThat(explanation.credential().orElseThrow().user()).contains("seven");
        assertThat(option(explanation, "Outbound_SMTP_AUTH_User").source()).isEqualTo("hook");
        Explanation failed = explain("x@a.example");
        assertThat(failed.authentication().verdict()).isEqualTo("deferred");
        assertThat(failed.hooks().getFirst().failure().orElseThrow())
                .contains("threw java.util.NoSuchElementException");
    }

    @Test
    void pointsOutOptionsThatAGatewayMakesVoid() throws Exception {
        rig.configure()
                .domain("a.example", OutboundSettings.GATEWAY, "gw.example")
                .login("a.example", "alice", "wonderland")
                .route("gw.example", 2525)
                .apply();
        Explanation explanation = explain("x@a.example");
        assertThat(explanation.routing().domain()).isEqualTo("gw.example");
        assertThat(explanation.routing().gateway().orElseThrow().line()).isEqualTo(1);
        assertThat(explanation.authentication().verdict()).isEqualTo("none");
        assertThat(explanation.warnings())
                .contains("Outbound_SMTP_AUTH_User in domain a.example (/nowhere/test.conf:2) has no effect:"
                        + " Gateway (/nowhere/test.conf:1) makes this mail that of gw.example");
    }

    @Test
    void pointsOutAUserAndAPasswordOfTwoPlaces() throws Exception {
        rig.configure()
                .route("a.example", 2525)
                .global(OutboundAuthSettings.USER, "everybody")
                .domain("a.example", OutboundAuthSettings.PASS, Secret.of("wonderland"))
                .apply();
        assertThat(explain("x@a.example").warnings())
                .containsExactly("the user comes from global and the password from domain a.example:"
                        + " they may belong to two accounts");
    }

    @Test
    void choosesTheBindingAsReceptionDoes() throws Exception {
        rig.configure()
                .route("a.example", 2525)
                .put(ScopePath.ofBinding("gold"), OutboundAuthSettings.KEY, "gold-key")
                .apply();
        Explanation byHeader = explain("x@a.example", "X-Binding: gold\r\n");
        assertThat(byHeader.binding().name()).isEqualTo("gold");
        assertThat(byHeader.binding().why()).containsExactly("gold: an X-Binding field names it");
        rig.engine.bindingHookArrived((message, context) -> new BindingChoice.Named("nowhere"), 0, 1);
        Explanation byHook = explain("x@a.example");
        assertThat(byHook.binding().name()).isEqualTo("default");
        assertThat(byHook.binding().why().getFirst()).contains("there is no binding 'nowhere'");
    }

    @Test
    void judgesEveryMechanismForEveryKindOfConnection() throws Exception {
        rig.configure()
                .domain("a.example", OutboundSettings.ROUTES, List.of("smtp://192.0.2.1:25"))
                .domain("a.example", OutboundAuthSettings.TYPE, List.of("SCRAM-SHA-256", "PLAIN"))
                .login("a.example", "alice", "wonderland")
                .apply();
        List<Explanation.Mechanism> mechanisms = explain("x@a.example").mechanisms();
        assertThat(mechanisms)
                .extracting(Explanation.Mechanism::name, Explanation.Mechanism::usable)
                .containsExactly(tuple("SCRAM-SHA-256", false), tuple("PLAIN", true));
        assertThat(mechanisms.getLast().disclosures())
                .extracting(Explanation.Disclosure::connection, Explanation.Disclosure::permitted)
                .containsExactly(tuple("verified TLS", true), tuple("unverified TLS", false), tuple("no TLS", false));
    }

    @Test
    void needsAConfiguration() {
        assertThatThrownBy(() -> explain("x@a.example"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no configuration is in force");
    }
}
