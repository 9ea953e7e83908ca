// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.core.engine.EngineRig.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.core.scope.OutboundSettings;
import org.postern.engine.dto.SessionView;
import org.postern.peer.MailPeer;
import org.postern.spi.cluster.SharedRegisters;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialStore;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.RotatingCredentialStore;
import org.postern.spi.credential.Secret;
import org.postern.spi.credential.UpdateResult;
import org.postern.spi.credential.Validity;
import org.postern.spi.mail.DeliveryOutcome.Deferred;
import org.postern.spi.mail.DeliveryOutcome.Failed;
import org.postern.spi.mail.DeliveryOutcome.Held;
import org.postern.spi.policy.OutboundAuthSettings;

/** A credential is replaced while mail flows. */
@Timeout(60)
class RotationTest {

    private static final String TEXT = "Subject: x\r\n\r\nHello.\r\n";
    private static final CredentialRef RELAY = new CredentialRef("relay");

    private EngineRig rig;
    private MailPeer peer;
    private final Rotating store = new Rotating();

    /** A user and a password, of a version. */
    private record Account(String user, String password, String version, Optional<Instant> end) {

        Account(String user, String password, String version) {
            this(user, password, version, Optional.empty());
        }

        Credential credential() {
            return new PasswordCredential(
                    user,
                    Secret.of(password),
                    new CredentialVersion(version),
                    Optional.empty(),
                    Set.of(),
                    new Validity(Optional.empty(), end));
        }
    }

    /** Holds one entry, and a coming one beside it. */
    private static final class Rotating implements RotatingCredentialStore {

        final List<String> promoted = new CopyOnWriteArrayList<>();
        volatile Account current = new Account("alice", "wonderland", "v1");
        volatile Optional<Account> next = Optional.empty();

        @Override
        public String name() {
            return "test";
        }

        @Override
        public Lookup lookup(CredentialRef ref) {
            return new Lookup.Found(current.credential(), next.map(Account::credential));
        }

        @Override
        public UpdateResult promote(CredentialRef ref, CredentialVersion version) {
            promoted.add(version.value());
            current = next.orElseThrow();
            next = Optional.empty();
            return new UpdateResult.Updated(version);
        }
    }

    Optional<SharedRegisters> registers() {
        return Optional.empty();
    }

    @BeforeEach
    void start() throws IOException {
        rig = new EngineRig(registers()).withPlain();
        peer = EngineRig.peerForAlice().start();
    }

    @AfterEach
    void stop() {
        assertThat(rig.outcomes(Held.class)).as("held").isEmpty();
        assertThat(rig.outcomes(Deferred.class)).as("deferred").isEmpty();
        assertThat(rig.outcomes(Failed.class)).as("failed").isEmpty();
        rig.close();
        peer.close();
    }

    private void begin(CredentialStore with) {
        rig.engine.storeArrived(with, 0, 7);
        rig.configure()
                .route("a.example", peer.port())
                .domain("a.example", OutboundAuthSettings.KEY, "relay")
                .domain("a.example", OutboundSettings.IDLE_TIMEOUT, Duration.ofHours(1))
                .apply();
    }

    /** Waits until the peer has it. */
    private String deliver() throws IOException {
        long before = peer.messageCount();
        rig.submit("s@example.org", TEXT, "x@a.example");
        eventually(() -> peer.messageCount() == before + 1);
        return peer.messages().getLast().user().orElseThrow();
    }

    @Test
    void makesAComingCredentialTheCurrentOneOnceAPeerHasAcceptedIt() throws Exception {
        begin(store);
        assertThat(deliver()).isEqualTo("alice");
        peer.account("alice-2", "looking-glass");
        store.next = Optional.of(new Account("alice-2", "looking-glass", "v2"));
        rig.engine.changed(RELAY);

        assertThat(deliver()).as("the first message tries it").isEqualTo("alice-2");
        eventually(() -> store.promoted.equals(List.of("v2")));
        assertThat(deliver()).isEqualTo("alice-2");
        assertThat(peer.logins()).as("the session of the trial stays in use").isEqualTo(2);
        assertThat(peer.failedLogins()).isZero();
        eventually(() -> rig.engine.runtime().sessions().stream()
                .map(SessionView::user)
                .allMatch(Optional.of("alice-2")::equals));
    }

    @Test
    void goesOnWithTheCurrentOneAtOnceWhereAPeerRefusesTheComingOneAndDoesNotTryItAgain() throws Exception {
        begin(store);
        deliver();
        store.next = Optional.of(new Account("alice", "wrong", "v2"));
        rig.engine.changed(RELAY);

        for (int i = 0; i < 30; i++) {
            deliver();
        }
        assertThat(peer.failedLogins()).isEqualTo(1);
        assertThat(store.promoted).isEmpty();

        store.next = Optional.of(new Account("alice", "wonderland", "v3"));
        rig.engine.changed(RELAY);
        deliver();
        eventually(() -> store.promoted.equals(List.of("v3")));
        assertThat(peer.failedLogins()).as("another version is tried").isEqualTo(1);
    }

    @Test
    void tellsTheAuditLogOfEachStep(@TempDir Path state) throws Exception {
        rig.close();
        rig = new EngineRig(Clock.systemUTC(), state).withPlain();
        begin(store);
        store.next = Optional.of(new Account("alice", "wrong-canary", "v2"));
        deliver();
        store.next = Optional.of(new Account("alice", "wonderland", "v3"));
        rig.engine.changed(RELAY);
        deliver();
        eventually(() -> rotations(state).size() == 3);
        assertThat(rotations(state).get(0))
                .contains("\"result\":\"rolled back\",\"reference\":\"test:relay\",\"version\":\"v2\"", "535")
                .doesNotContain("canary");
        assertThat(rotations(state).get(1)).contains("\"result\":\"accepted\"", "\"version\":\"v3\"");
        assertThat(rotations(state).get(2)).contains("\"result\":\"promoted\"", "\"version\":\"v3\"");
    }

    private static List<String> rotations(Path state) throws IOException {
        Path file = state.resolve("audit.log");
        List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
        return lines.stream()
                .filter(line -> line.contains("\"event\":\"rotation\""))
                .toList();
    }

    @Test
    void usesAComingCredentialThatWorksThoughItsStoreCannotMakeItTheCurrentOne() throws Exception {
        begin(new CredentialStore() {
            @Override
            public String name() {
                return "test";
            }

            @Override
            public Lookup lookup(CredentialRef ref) {
                return store.lookup(ref);
            }
        });
        peer.account("alice-2", "looking-glass");
        store.next = Optional.of(new Account("alice-2", "looking-glass", "v2"));
        for (int i = 0; i < 20; i++) {
            assertThat(deliver()).isEqualTo("alice-2");
        }
        assertThat(store.promoted).isEmpty();
    }

    @Test
    void leavesAComingCredentialAloneWhereTheScopeSaysSo() throws Exception {
        rig.engine.storeArrived(store, 0, 7);
        rig.configure()
                .route("a.example", peer.port())
                .domain("a.example", OutboundAuthSettings.KEY, "relay")
                .domain("a.example", OutboundAuthSettings.CANARY_SHARE, 0L)
                .apply();
        store.next = Optional.of(new Account("alice", "wrong", "v2"));
        for (int i = 0; i < 5; i++) {
            deliver();
        }
        assertThat(peer.failedLogins()).isZero();
    }

    @Test
    @DisplayName("C2-07: a secret rotated between lookup and AUTH costs one more login and nothing else")
    void takesTheNewVersionAtOnceWhereTheOldOneIsRefused() throws Exception {
        begin(store);
        deliver();
        rig.engine.mechanismLeft(EngineRig.PLAIN);
        rig.withPlain();
        peer.account("alice", "looking-glass");
        store.current = new Account("alice", "looking-glass", "v2");

        deliver();
        assertThat(peer.failedLogins()).isEqualTo(1);
        deliver();
        assertThat(peer.failedLogins()).isEqualTo(1);
    }

    @Test
    @DisplayName("C2-08: where a peer does not know the new version yet, mail goes on with the one before")
    void takesTheVersionBeforeWhereAPeerLagsBehind() throws Exception {
        begin(store);
        deliver();
        store.current = new Account("alice", "looking-glass", "v2");
        rig.engine.changed(RELAY);

        for (int i = 0; i < 10; i++) {
            deliver();
        }
        assertThat(peer.failedLogins())
                .as("the new one rests after its refusal")
                .isEqualTo(1);

        peer.account("alice", "looking-glass");
        rig.engine.changed(RELAY);
        deliver();
        assertThat(peer.logins()).as("v1, v1 again, v2").isEqualTo(3);
        assertThat(peer.failedLogins()).isEqualTo(1);
    }

    @Test
    void letsSessionsOfTheOldVersionGoOnceThereIsANewOne() throws Exception {
        begin(store);
        deliver();
        peer.account("alice", "looking-glass");
        store.current = new Account("alice", "looking-glass", "v2");
        rig.engine.changed(RELAY);
        deliver();
        eventually(() -> rig.engine.runtime().sessions().size() == 1);
        assertThat(peer.failedLogins()).isZero();
        assertThat(peer.logins()).isEqualTo(2);
    }

    @Test
    @DisplayName("C2-06: a session whose credential has ended finishes its message and serves no other")
    void letsASessionGoWhoseCredentialHasEnded() throws Exception {
        store.current = new Account(
                "alice", "wonderland", "v1", Optional.of(Instant.now().plus(Duration.ofSeconds(2))));
        begin(store);
        deliver();
        assertThat(rig.engine.runtime().sessions()).hasSize(1);
        store.current = new Account("alice", "wonderland", "v2");
        eventually(() -> rig.engine.runtime().sessions().isEmpty());
        deliver();
        assertThat(peer.logins()).isEqualTo(2);
    }
}
