// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.core.engine.EngineRig.eventually;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postern.peer.MailPeer;
import org.postern.peer.Stage;
import org.postern.spi.mail.DeliveryOutcome.Deferred;
import org.postern.spi.mail.DeliveryOutcome.Held;
import org.postern.spi.policy.MessageContext;
import org.postern.spi.policy.OutboundAuthHook;
import org.postern.spi.policy.OutboundAuthSettings;
import org.postern.spi.spool.SpooledMessage;

/** What hooks may do, and what becomes of mail when they fail. */
@Timeout(60)
class HooksTest {

    private static final String USER = "outbound_smtp_auth_user";
    private static final String PASS = "outbound_smtp_auth_pass";
    private static final String KEY = "outbound_smtp_auth_key";

    private EngineRig rig;
    private MailPeer peer;

    @BeforeEach
    void start() throws IOException {
        rig = new EngineRig().withPlain();
        peer = EngineRig.peerForAlice().account("bob", "builder").start();
        rig.configure().route("a.example", peer.port()).apply();
    }

    @AfterEach
    void stop() {
        rig.close();
        peer.close();
    }

    private void submit() throws IOException {
        rig.submit("s@example.org", "Subject: x\r\n\r\n", "x@a.example");
    }

    private static void login(MessageContext context, String user, String password) {
        context.set(USER, user);
        context.set(PASS, password);
    }

    private Deferred deferred() {
        eventually(() -> !rig.outcomes(Deferred.class).isEmpty());
        return rig.outcomes(Deferred.class).getFirst();
    }

    @Test
    void authenticatesAsTheHookSays() throws Exception {
        rig.engine.hookArrived((message, context) -> login(context, "alice", "wonderland"), 0, 1);
        submit();
        eventually(() -> peer.messageCount() == 1);
        assertThat(peer.messages().getFirst().user()).contains("alice");
    }

    @Test
    void showsTheHookTheMessage() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        rig.engine.hookArrived(
                (message, context) -> {
                    seen.add(message.envelope().senderText());
                    seen.add(message.envelope().recipients().toString());
                    seen.add(message.binding().name());
                    seen.add(message.routingDomain().name());
                    seen.add(message.retries() + " " + message.size());
                    login(context, "alice", "wonderland");
                },
                0,
                1);
        submit();
        eventually(() -> peer.messageCount() == 1);
        assertThat(seen).containsExactly("s@example.org", "[x@a.example]", "default", "a.example", "0 14");
    }

    @Test
    void letsTheLastOfSeveralHooksDecide() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        rig.engine.hookArrived(
                (message, context) -> {
                    asked.add("low sees " + context.get(USER).orElse("nobody"));
                    login(context, "bob", "builder");
                },
                -5,
                1);
        rig.engine.hookArrived(
                (message, context) -> {
                    asked.add("high sees " + context.get(USER).orElse("nobody"));
                    login(context, "alice", "wonderland");
                },
                10,
                2);
        submit();
        eventually(() -> peer.messageCount() == 1);
        assertThat(asked).containsExactly("high sees nobody", "low sees alice");
        assertThat(peer.messages().getFirst().user()).contains("bob");
    }

    @Test
    void showsTheHookWhatTheScopesSay() throws Exception {
        rig.configure()
                .route("a.example", peer.port())
                .domain("a.example", OutboundAuthSettings.KEY, "tenant-7")
                .login("a.example", "bob", "builder")
                .apply();
        List<String> seen = new CopyOnWriteArrayList<>();
        rig.engine.hookArrived(
                (message, context) -> {
                    seen.add(context.get(KEY).orElse("none"));
                    seen.add(context.get(PASS).orElse("none"));
                    seen.add(context.get("outbound_smtp_auth_hook_timeout").orElse("none"));
                    seen.add(context.get("unknown").orElse("none"));
                    login(context, "alice", "wonderland");
                    seen.add(context.get(USER).orElse("none"));
                    seen.add(context.delete(USER) + " " + context.delete(USER));
                    seen.add(context.get(USER).orElse("none"));
                    login(context, "alice", "wonderland");
                },
                0,
                1);
        submit();
        eventually(() -> peer.messageCount() == 1);
        assertThat(seen).containsExactly("tenant-7", "builder", "10", "none", "alice", "true false", "bob");
        assertThat(peer.messages().getFirst().user()).contains("alice");
    }

    @Test
    void defersWhenAHookThrowsAndSaysNothingOfWhatItThrew() throws Exception {
        rig.engine.hookArrived(failing(new IllegalStateException("could not set hunter2")), 0, 1);
        submit();
        assertThat(deferred().reason())
                .startsWith("4.7.0 ")
                .contains("threw java.lang.IllegalStateException")
                .doesNotContain("hunter2");
        assertThat(peer.connections()).isZero();
    }

    private static OutboundAuthHook failing(RuntimeException failure) {
        return (message, context) -> {
            throw failure;
        };
    }

    @Test
    void asksNoFurtherHookAfterOneThatThrew() throws Exception {
        AtomicBoolean asked = new AtomicBoolean();
        rig.engine.hookArrived(failing(new IllegalStateException()), 10, 1);
        rig.engine.hookArrived((message, context) -> asked.set(true), 0, 2);
        submit();
        deferred();
        assertThat(asked).isFalse();
    }

    @Test
    void defersWhenAHookIsLateAndInterruptsIt() throws Exception {
        rig.configure()
                .route("a.example", peer.port())
                .domain("a.example", OutboundAuthSettings.HOOK_TIMEOUT, Duration.ofSeconds(1))
                .apply();
        CountDownLatch interrupted = new CountDownLatch(1);
        rig.engine.hookArrived(
                (message, context) -> {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException stopped) {
                        interrupted.countDown();
                        throw stopped;
                    }
                },
                0,
                1);
        submit();
        assertThat(deferred().reason()).contains("took longer than 1 s");
        eventually(() -> interrupted.getCount() == 0);
        assertThat(peer.connections()).isZero();
    }

    @Test
    void storesNothingThatAHookSet() throws Exception {
        peer.replyAt(Stage.MAIL, "", "451 4.3.0 later");
        rig.configure()
                .route("a.example", peer.port())
                .global(OutboundAuthSettings.PERSIST_PASS, true)
                .apply();
        rig.engine.hookArrived(
                (message, context) -> {
                    context.set("colour", "blue");
                    login(context, "alice", "wonderland");
                },
                0,
                1);
        submit();
        deferred();
        eventually(() -> rig.spool.left().getFirst().states().getFirst().attempts() == 1);
        assertThat(rig.spool.left()).extracting(SpooledMessage::context).containsExactly(Map.of());
    }

    @Test
    void asksAHookNoMoreThatIsGone() throws Exception {
        rig.engine.hookArrived(failing(new IllegalStateException()), 0, 1);
        rig.engine.hookLeft(1);
        rig.configure()
                .route("a.example", peer.port())
                .login("a.example", "alice", "wonderland")
                .apply();
        submit();
        eventually(() -> peer.messageCount() == 1);
    }

    @Test
    void showsTheHookTheHeader() throws Exception {
        rig.engine.hookArrived(
                (message, context) -> {
                    List<String> tenants = message.header("x-tenant");
                    login(context, tenants.getFirst(), tenants.getLast());
                },
                0,
                1);
        rig.submit("s@example.org", "X-Tenant: bob\r\nX-Tenant:\r\n builder\r\n\r\n", "x@a.example");
        eventually(() -> peer.messageCount() == 1);
        assertThat(peer.messages().getFirst().user()).contains("bob");
    }

    @Test
    void showsTheHookVariablesThatEveryMessageHas() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        rig.engine.hookArrived(
                (message, context) -> {
                    for (String side : List.of("mailfrom_", "rcptto_")) {
                        for (String part : List.of("string", "localpart", "domain", "other")) {
                            seen.add(context.get(side + part).orElse("none"));
                        }
                    }
                    try {
                        context.set("rcptto_domain", "elsewhere.example");
                    } catch (IllegalArgumentException refused) {
                        seen.add("cannot be set");
                    }
                    login(context, "alice", "wonderland");
                },
                0,
                1);
        rig.submit("", "Subject: x\r\n\r\n", Map.of("rcptto_domain", "hidden.example"), "X@A.example");
        eventually(() -> peer.messageCount() == 1);
        assertThat(seen).containsExactly("", "", "", "none", "X@A.example", "X", "a.example", "none", "cannot be set");
    }

    @Test
    void asksAgainAtOnceWhenTheCredentialIsRefused() throws Exception {
        List<Boolean> refusals = new CopyOnWriteArrayList<>();
        rig.engine.hookArrived(
                (message, context) -> {
                    refusals.add(message.credentialRefused());
                    login(context, "alice", message.credentialRefused() ? "wonderland" : "remembered");
                },
                0,
                1);
        submit();
        eventually(() -> peer.messageCount() == 1);
        assertThat(refusals).containsExactly(false, true);
    }

    @Test
    void tellsTheHookAtTheNextAttemptThatTheCredentialWasRefused() throws Exception {
        List<Boolean> refusals = new CopyOnWriteArrayList<>();
        rig.engine.hookArrived(
                (message, context) -> {
                    refusals.add(message.credentialRefused());
                    login(context, "alice", refusals.size() > 2 ? "wonderland" : "remembered");
                },
                0,
                1);
        submit();
        eventually(() -> rig.outcomes(Held.class).size() == 1);
        rig.configure().route("a.example", peer.port()).apply();
        eventually(() -> peer.messageCount() == 1);
        assertThat(refusals).containsExactly(false, true, true);
    }
}
