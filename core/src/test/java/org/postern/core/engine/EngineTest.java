// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.core.engine.EngineRig.eventually;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postern.core.engine.EngineRig.Store;
import org.postern.core.scope.OutboundSettings;
import org.postern.peer.MailPeer;
import org.postern.peer.ReceivedMessage;
import org.postern.peer.Stage;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.event.DeliveryEvent;
import org.postern.spi.mail.DeliveryOutcome.Deferred;
import org.postern.spi.mail.DeliveryOutcome.Failed;
import org.postern.spi.mail.DeliveryOutcome.Held;
import org.postern.spi.policy.OutboundAuthSettings;

/** The engine's promises, over real sockets. Loopback is a safe path, so these peers need no TLS. */
class EngineTest {

    private static final String TEXT = "Subject: x\r\n\r\n.dots\r\n..more\r\n";

    private EngineRig rig;
    private MailPeer peer;

    @BeforeEach
    void start() throws IOException {
        rig = new EngineRig();
        peer = EngineRig.peerForAlice().account("bob", "builder").start();
    }

    @AfterEach
    void stop() {
        rig.close();
        peer.close();
    }

    /** Mail for a.example goes to this peer as alice. */
    private void sendAsAlice(MailPeer to) {
        rig.withPlain()
                .configure()
                .route("a.example", to.port())
                .login("a.example", "alice", "wonderland")
                .apply();
    }

    private void eventuallyReceived(int count) {
        eventually(() -> peer.messageCount() == count);
    }

    @Test
    void deliversUnderTheIdentityOfTheDomain() throws Exception {
        sendAsAlice(peer);

        rig.submit("s@example.org", TEXT, "x@a.example");

        eventuallyReceived(1);
        ReceivedMessage message = peer.messages().getFirst();
        assertThat(message.user()).contains("alice");
        assertThat(new String(message.content(), UTF_8)).isEqualTo(TEXT);
        eventually(() -> rig.spool.left().isEmpty());
    }

    @Test
    void sharesASessionBetweenMessagesOfOneIdentity() throws Exception {
        sendAsAlice(peer);

        for (int i = 1; i <= 5; i++) {
            rig.submit("s@example.org", TEXT, "x@a.example");
            eventuallyReceived(i);
            eventually(() -> rig.spool.left().isEmpty());
        }

        assertThat(peer.logins()).isEqualTo(1);
    }

    @Test
    void neverSendsAMessageOverAnotherIdentitysSession() throws Exception {
        rig.withPlain()
                .configure()
                .route("a.example", peer.port())
                .login("a.example", "alice", "wonderland")
                .route("b.example", peer.port())
                .login("b.example", "bob", "builder")
                .apply();

        for (int i = 0; i < 50; i++) {
            rig.submit("s@example.org", TEXT, "x@a.example");
            rig.submit("s@example.org", TEXT, "x@b.example");
        }

        eventuallyReceived(100);
        for (ReceivedMessage message : peer.messages()) {
            boolean toA = message.recipients().getFirst().endsWith("a.example");
            assertThat(message.user()).contains(toA ? "alice" : "bob");
        }
    }

    @Test
    void holdsMailAndLogsInOnceWhenThePasswordIsRefused() throws Exception {
        try (MailPeer second = EngineRig.peerForAlice().start()) {
            rig.withPlain()
                    .configure()
                    .routes("a.example", peer.port(), second.port())
                    .login("a.example", "alice", "wrong")
                    .apply();

            for (int i = 0; i < 500; i++) {
                rig.submit("s@example.org", TEXT, "x@a.example");
            }

            eventually(() -> rig.outcomes(Held.class).size() >= 500);
            assertThat(peer.failedLogins()).isEqualTo(1);
            assertThat(second.connections()).isZero();
            assertThat(rig.outcomes(Failed.class)).isEmpty();
            assertThat(rig.outcomes(Deferred.class)).isEmpty();
            assertThat(rig.spool.left()).hasSize(500);
        }
    }

    @Test
    void deliversHeldMailAtOnceWhenTheConfigurationGetsTheRightPassword() throws Exception {
        rig.withPlain()
                .configure()
                .route("a.example", peer.port())
                .login("a.example", "alice", "wrong")
                .apply();
        rig.submit("s@example.org", TEXT, "x@a.example");
        eventually(() -> !rig.outcomes(Held.class).isEmpty());

        rig.configure()
                .route("a.example", peer.port())
                .login("a.example", "alice", "wonderland")
                .apply();

        eventuallyReceived(1);
    }

    @Test
    void usesANewVersionOfACredentialForTheNextMessage() throws Exception {
        Store store = new Store();
        store.put("key", "alice", "wonderland");
        rig.withPlain().engine.storeArrived(store, 0, 7);
        rig.configure()
                .route("a.example", peer.port())
                .domain("a.example", OutboundAuthSettings.KEY, "key")
                .apply();
        rig.submit("s@example.org", TEXT, "x@a.example");
        eventuallyReceived(1);

        peer.account("alice", "looking-glass");
        store.put("key", "alice", "looking-glass");
        rig.engine.changed(new CredentialRef("key"));
        rig.submit("s@example.org", TEXT, "x@a.example");

        eventuallyReceived(2);
        assertThat(peer.logins()).isEqualTo(2);
        assertThat(peer.failedLogins()).isZero();
    }

    @Test
    void holdsMailWhileTheStoreIsSealedAndNamesIt() throws Exception {
        Store store = new Store();
        store.broken = true;
        store.put("key", "alice", "wonderland");
        rig.withPlain().engine.storeArrived(store, 0, 7);
        rig.configure()
                .route("a.example", peer.port())
                .domain("a.example", OutboundAuthSettings.KEY, "key")
                .apply();
        rig.submit("s@example.org", TEXT, "x@a.example");
        eventually(() -> !rig.outcomes(Held.class).isEmpty());
        assertThat(rig.outcomes(Held.class).getFirst().reason()).contains("sealed");
        assertThat(peer.connections()).isZero();

        store.broken = false;
        rig.engine.changed(new CredentialRef("key"));

        eventuallyReceived(1);
    }

    @Test
    void explainsInFourColumnsWhyNoMechanismFitsAndGoesOnWhenOneArrives() throws Exception {
        rig.configure()
                .route("a.example", peer.port())
                .login("a.example", "alice", "wonderland")
                .apply();
        rig.submit("s@example.org", TEXT, "x@a.example");
        eventually(() -> !rig.outcomes(Held.class).isEmpty());
        assertThat(rig.outcomes(Held.class).getFirst().reason())
                .contains("offered")
                .contains("installed")
                .contains("policy")
                .contains("credential");

        rig.withPlain();

        eventuallyReceived(1);
    }

    @Test
    void neverGoesOutUnauthenticatedWhenAuthenticationApplies() throws Exception {
        try (MailPeer open = MailPeer.builder().start()) {
            rig.withPlain()
                    .configure()
                    .route("a.example", open.port())
                    .login("a.example", "alice", "x")
                    .apply();
            rig.submit("s@example.org", TEXT, "x@a.example");
            eventually(() -> !rig.outcomes(Held.class).isEmpty());
            assertThat(open.messageCount()).isZero();
        }
    }

    @Test
    void deliversWithoutAuthenticationWhereNothingAsksForIt() throws Exception {
        try (MailPeer open = MailPeer.builder().start()) {
            rig.configure().route("a.example", open.port()).apply();
            rig.submit("s@example.org", TEXT, "x@a.example");
            eventually(() -> open.messageCount() == 1);
        }
    }

    @Test
    void waitsForAFirstConfiguration() throws Exception {
        rig.withPlain();
        rig.submit("s@example.org", TEXT, "x@a.example");
        assertThat(rig.engine.runtime().queues().getFirst().lastReason()).contains("no configuration is in force");

        rig.configure()
                .route("a.example", peer.port())
                .login("a.example", "alice", "wonderland")
                .apply();

        eventuallyReceived(1);
    }

    @Test
    void replacesTheRoutingDomainByTheGateway() throws Exception {
        rig.withPlain()
                .configure()
                .global(OutboundSettings.GATEWAY, "127.0.0.1:" + peer.port())
                .domain("127.0.0.1", OutboundAuthSettings.USER, "alice")
                .domain("127.0.0.1", OutboundAuthSettings.PASS, org.postern.spi.credential.Secret.of("wonderland"))
                .apply();

        rig.submit("s@example.org", TEXT, "x@a.example", "y@b.example");

        eventuallyReceived(1);
        assertThat(peer.messages().getFirst().recipients()).hasSize(2);
    }

    @Test
    void tellsTheSenderOfARecipientThatFailedAndDeliversToTheOthers() throws Exception {
        peer.replyAt(Stage.RCPT, "nobody@a.example", "550 5.1.1 no such user");
        rig.withPlain()
                .configure()
                .route("a.example", peer.port())
                .login("a.example", "alice", "wonderland")
                .route("example.org", peer.port())
                .login("example.org", "bob", "builder")
                .apply();

        rig.submit("s@example.org", TEXT, "x@a.example", "nobody@a.example");

        eventuallyReceived(2);
        Set<String> texts = new HashSet<>();
        peer.messages().forEach(message -> texts.add(message.mailFrom() + new String(message.content(), UTF_8)));
        assertThat(texts)
                .anySatisfy(text -> assertThat(text)
                        .contains("Final-Recipient: rfc822; nobody@a.example")
                        .contains("Status: 5.1.1"));
        eventually(() -> rig.spool.left().isEmpty());
    }

    @Test
    void tellsNobodyWhenANotificationFails() throws Exception {
        peer.replyAt(Stage.RCPT, "nobody@a.example", "550 5.1.1 no such user");
        sendAsAlice(peer);

        rig.submit("", TEXT, "nobody@a.example");

        eventually(() -> rig.outcomes(Failed.class).size() == 1);
        eventually(() -> rig.spool.left().isEmpty());
        assertThat(peer.messageCount()).isZero();
    }

    @Test
    @DisplayName("C1-39: a recipient who is refused for now waits")
    void defersWhatThePeerRefusesForNow() throws Exception {
        peer.replyAt(Stage.RCPT, "grey@a.example", "451 4.7.1 come back later");
        sendAsAlice(peer);

        rig.submit("s@example.org", TEXT, "grey@a.example");

        eventually(() -> rig.outcomes(Deferred.class).size() == 1);
        eventually(() -> rig.spool.left().getFirst().states().getFirst().attempts() == 1);
    }

    @Test
    @DisplayName("C1-35: a peer that takes so many messages for each connection and no more costs no attempt")
    void goesOnWithoutPenaltyWhenThePeerClosesSessionsAfterSomeMessages() throws Exception {
        try (MailPeer impatient =
                EngineRig.peerForAlice().messagesPerConnection(3).start()) {
            sendAsAlice(impatient);
            for (int i = 0; i < 20; i++) {
                rig.submit("s@example.org", TEXT, "x@a.example");
            }
            eventually(() -> impatient.messageCount() == 20);
            assertThat(rig.outcomes(Deferred.class)).isEmpty();
        }
    }

    @Test
    void splitsRecipientsIntoBatches() throws Exception {
        rig.withPlain()
                .configure()
                .route("a.example", peer.port())
                .login("a.example", "alice", "wonderland")
                .global(OutboundSettings.MAX_RECIPIENTS_PER_BATCH, 2L)
                .apply();

        rig.submit("s@example.org", TEXT, "1@a.example", "2@a.example", "3@a.example", "4@a.example", "5@a.example");

        eventuallyReceived(3);
        List<Integer> sizes = peer.messages().stream()
                .map(m -> m.recipients().size())
                .sorted()
                .toList();
        assertThat(sizes).containsExactly(1, 2, 2);
    }

    @Test
    void takesUpWhatTheSpoolHeld() throws Exception {
        rig.submit("s@example.org", TEXT, "x@a.example");
        rig.engine.stop();
        Engine second = com.google.inject.Guice.createInjector(
                        new EngineModule(rig.spool, Optional.empty(), Optional.empty()))
                .getInstance(Engine.class);
        try {
            second.mechanismArrived(EngineRig.PLAIN, new PlainForTests());
            second.start(rig.spool);
            EngineRig.Configuration configuration = rig.configure();
            configuration.route("a.example", peer.port()).login("a.example", "alice", "wonderland");
            second.configured(configuration.snapshot());
            eventuallyReceived(1);
        } finally {
            second.stop();
        }
    }

    @Test
    void reportsWhoDeliveredWhat() throws Exception {
        sendAsAlice(peer);
        rig.submit("s@example.org", TEXT, "x@a.example");
        eventually(() -> rig.events.stream().anyMatch(DeliveryEvent.AttemptEnded.class::isInstance));

        DeliveryEvent.SessionOpened opened = (DeliveryEvent.SessionOpened) rig.events.stream()
                .filter(DeliveryEvent.SessionOpened.class::isInstance)
                .findFirst()
                .orElseThrow();
        assertThat(opened.mechanism()).contains("PLAIN");
        assertThat(opened.identity().orElseThrow().user()).isEqualTo("alice");
        assertThat(rig.events.toString()).doesNotContain("wonderland");
        assertThat(rig.engine.runtime().counters())
                .containsEntry("delivered", 1L)
                .containsEntry("abandoned_lookups", 0L);
    }
}
