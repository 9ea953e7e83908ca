// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.core.engine.EngineRig.eventually;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postern.peer.MailPeer;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialStore;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.postern.spi.mail.DeliveryOutcome.Delivered;
import org.postern.spi.mail.DeliveryOutcome.Held;
import org.postern.spi.policy.OutboundAuthSettings;

/** A store that breaks, seen at the mail. */
@Timeout(60)
class StoreErrorsTest {

    private final BreakingStore store = new BreakingStore();
    private EngineRig rig;
    private MailPeer peer;

    private static final class BreakingStore implements CredentialStore {

        private volatile Optional<Error> error = Optional.empty();

        @Override
        public String name() {
            return "breaking";
        }

        @Override
        public Lookup lookup(CredentialRef ref) {
            if (error.isPresent()) {
                throw error.get();
            }
            return new Lookup.Found(new PasswordCredential(
                    "alice", Secret.of("pencil"), new CredentialVersion("1"), Optional.empty(), Set.of()));
        }
    }

    @BeforeEach
    void start() throws IOException {
        rig = new EngineRig().withPlain();
        peer = MailPeer.builder()
                .mechanisms("PLAIN")
                .requireAuth()
                .account("alice", "pencil")
                .start();
        rig.engine.storeArrived(store, 0, 1);
        rig.configure()
                .route("a.example", peer.port())
                .global(OutboundAuthSettings.KEY, "relay")
                .apply();
    }

    @AfterEach
    void stop() {
        rig.close();
        peer.close();
    }

    static Stream<Error> errors() {
        return Stream.of(
                new AssertionError("canary-271828"),
                new NoClassDefFoundError("of a bundle that was refreshed"),
                new StackOverflowError(),
                new Error("canary-271828"));
    }

    @ParameterizedTest(name = "C2-14: mail is held while a store throws {0}, and goes when it does so no longer")
    @MethodSource("errors")
    void holdsMailWhileAStoreThrowsErrors(Error error) throws Exception {
        store.error = Optional.of(error);
        rig.submit("s@example.org", "Subject: x\r\n\r\n", "x@a.example");
        eventually(() -> rig.outcomes(Held.class).size() == 1);
        assertThat(rig.outcomes(Held.class).getFirst().reason())
                .contains("store breaking: failed with " + error.getClass().getSimpleName())
                .doesNotContain("canary-271828");
        store.error = Optional.empty();
        rig.engine.storeChanged("breaking");
        eventually(() -> rig.outcomes(Delivered.class).size() == 1);
    }
}
