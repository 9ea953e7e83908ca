// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialStore;
import org.postern.spi.credential.CredentialUpdate;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.postern.spi.credential.UpdateResult;

/** Whether the contract notices what it is there for. */
class CredentialStoreContractTest {

    /** Hands out its own secret, which the first asker closes. */
    static class Sharing extends MemoryCredentialStoreTest {
        @Override
        public CredentialStore store() {
            return new MemoryStore() {
                @Override
                public Lookup lookup(CredentialRef ref) throws InterruptedException {
                    PasswordCredential held = entries.get(ref.key());
                    return held == null ? super.lookup(ref) : new Lookup.Found(held);
                }
            };
        }
    }

    @Test
    void catchesAStoreThatSharesItsSecret() {
        assertThat(Failures.of(Sharing.class)).contains("givesEachAskerASecretOfItsOwn");
    }

    /** Counts lookups as versions, trims keys and talks. */
    static class Talkative extends MemoryCredentialStoreTest {
        @Override
        public CredentialStore store() {
            return new MemoryStore() {
                @Override
                public Lookup lookup(CredentialRef ref) {
                    PasswordCredential held = entries.get(ref.key().trim());
                    if (held == null) {
                        throw new IllegalArgumentException("no " + ref.key());
                    }
                    String version = Long.toString(versions.incrementAndGet());
                    return new Lookup.Found(
                            credential(held.user(), held.password().copy(), version));
                }

                @Override
                public String toString() {
                    return entries.values().stream()
                            .map(held -> held.password().reveal(octets -> new String(octets, StandardCharsets.UTF_8)))
                            .toList()
                            .toString();
                }
            };
        }
    }

    @Test
    void catchesAStoreThatTalksAndThrows() {
        assertThat(Failures.of(Talkative.class))
                .contains(
                        "hasNoCredentialUnderAnUnknownKey",
                        "takesNoOddKeyForAnother",
                        "keepsTheVersionWhileUserAndSecretAreTheSame",
                        "forgetsWhatWasRemoved",
                        "tellsNothingOfTheSecret");
    }

    /** Takes the password for the version, cuts passwords off, and never forgets. */
    static class Careless extends MemoryCredentialStoreTest {
        @Override
        public void put(String key, String user, String password) {
            String cut = password.substring(0, Math.min(password.length(), 64));
            entries.put(key, credential(user, Secret.of(cut), password));
        }

        @Override
        public void remove(String key) {}

        @Override
        public Optional<CredentialStore> unavailableStore() {
            return Optional.of(store());
        }
    }

    @Test
    void catchesAStoreThatCutsAndReveals() {
        assertThat(Failures.of(Careless.class))
                .contains(
                        "findsPasswordsOfEveryLength",
                        "changesTheVersionWheneverSecretOrUserChanges",
                        "tellsNothingOfTheSecret",
                        "forgetsWhatWasRemoved",
                        "saysWhatIsWrongWhenItCannotAnswer");
    }

    /** Takes the user from one moment and the secret from another. */
    static class Mixing extends MemoryCredentialStoreTest {
        @Override
        public CredentialStore store() {
            return new MemoryStore() {
                @Override
                public Lookup lookup(CredentialRef ref) throws InterruptedException {
                    PasswordCredential first = entries.get(ref.key());
                    if (first == null) {
                        return super.lookup(ref);
                    }
                    for (int i = 0; i < 200 && entries.get(ref.key()).user().equals(first.user()); i++) {
                        Thread.yield();
                    }
                    PasswordCredential second = entries.get(ref.key());
                    return new Lookup.Found(
                            credential(first.user(), second.password().copy(), "1"));
                }
            };
        }

        @Override
        public void put(String key, String user, String password) {
            super.put(key, user, password);
            for (int i = 0; i < 200; i++) {
                Thread.yield();
            }
        }
    }

    @Test
    void catchesAStoreThatMixesVersions() {
        assertThat(Failures.of(Mixing.class)).contains("neverMixesTwoVersions");
    }

    /** Writes whatever version is there, and keeps the hosts to itself. */
    static class Overwriting extends MemoryWritableStoreTest {
        @Override
        public UpdateResult written(CredentialUpdate update) {
            put(update.ref().key(), update.user(), textOf(update.secret()));
            return new UpdateResult.Updated(entries.get(update.ref().key()).version());
        }
    }

    @Test
    void catchesAStoreThatOverwritesWhatItWasNotToldOf() {
        assertThat(Failures.of(Overwriting.class))
                .contains(
                        "answersAtOnceWithWhatWasWritten",
                        "writesNothingOverAnotherVersion",
                        "bringsNothingBackThatWasRemoved",
                        "ofWritersThatExpectTheSameVersionOneWrites");
    }
}
