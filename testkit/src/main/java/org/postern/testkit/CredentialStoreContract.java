// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialStore;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.PasswordCredential;

/** What every {@link CredentialStore} promises. A new store is made for each test. */
public interface CredentialStoreContract {

    /** The store of this test, always the same one. */
    CredentialStore store() throws Exception;

    /** Puts a password into the store, or replaces it; the store answers with it from the return on. */
    void put(String key, String user, String password) throws Exception;

    /** Takes a credential out of the store. */
    void remove(String key) throws Exception;

    /** A store of the same kind that cannot answer, such as one that is sealed; nothing where that cannot be. */
    default Optional<CredentialStore> unavailableStore() throws Exception {
        return Optional.empty();
    }

    @Test
    @DisplayName("credentials: the store has a name")
    default void hasAName() throws Exception {
        assertThat(store().name()).isNotBlank().doesNotContain("\n", "\r").isEqualTo(store().name());
    }

    @Test
    @DisplayName("credentials: finds what was put, octet by octet")
    default void findsWhatWasPut() throws Exception {
        for (String password :
                List.of("secret", "grüße 𝄞", " leading and trailing ", "quote\" back\\slash $x ${y} #")) {
            put("smart.host", "us:er@example.test", password);
            try (PasswordCredential found = found("smart.host")) {
                assertThat(found.user()).isEqualTo("us:er@example.test");
                assertThat(textOf(found)).isEqualTo(password);
            }
        }
    }

    /** A power of two once was one octet too few. */
    @Test
    @DisplayName("credentials: finds passwords of every length up to 129")
    default void findsPasswordsOfEveryLength() throws Exception {
        for (int length : List.of(1, 2, 3, 4, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129)) {
            put("key", "user", "p".repeat(length));
            try (PasswordCredential found = found("key")) {
                assertThat(textOf(found)).hasSize(length);
            }
        }
    }

    @Test
    @DisplayName("credentials: has no credential under an unknown key, and says so")
    default void hasNoCredentialUnderAnUnknownKey() throws Exception {
        put("known", "user", "secret");
        Lookup answer = store().lookup(new CredentialRef("unknown"));
        assertThat(answer).isInstanceOf(Lookup.NoSuchCredential.class);
        assertThat(((Lookup.NoSuchCredential) answer).reason()).isNotBlank().doesNotContain("\n", "\r");
    }

    @Test
    @DisplayName("credentials: takes no odd key for another, and does not throw")
    default void takesNoOddKeyForAnother() throws Exception {
        put("known", "user", "secret");
        for (String key : List.of(
                "",
                " ",
                "known ",
                " known",
                "known\0",
                "known\r\nknown",
                "../known",
                "/etc/passwd",
                "*",
                "k%6eown",
                "ключ",
                "k".repeat(100_000))) {
            assertThat(store().lookup(new CredentialRef(key)))
                    .as("key of %s characters", key.length())
                    .isNotNull()
                    .isNotInstanceOf(Lookup.Found.class);
        }
    }

    @Test
    @DisplayName("credentials: forgets what was removed")
    default void forgetsWhatWasRemoved() throws Exception {
        put("key", "user", "secret");
        found("key").close();
        remove("key");
        assertThat(store().lookup(new CredentialRef("key"))).isInstanceOf(Lookup.NoSuchCredential.class);
    }

    @Test
    @DisplayName("credentials: gives each asker a secret of its own to close")
    default void givesEachAskerASecretOfItsOwn() throws Exception {
        put("key", "user", "secret");
        PasswordCredential first = found("key");
        try (PasswordCredential second = found("key")) {
            first.close();
            assertThat(textOf(second)).isEqualTo("secret");
        }
        try (PasswordCredential third = found("key")) {
            assertThat(textOf(third)).isEqualTo("secret");
        }
    }

    @Test
    @DisplayName("credentials: keeps the version while user and secret are the same")
    default void keepsTheVersionWhileUserAndSecretAreTheSame() throws Exception {
        put("key", "user", "secret");
        CredentialVersion before = versionOf("key");
        assertThat(versionOf("key")).isEqualTo(before);
        put("other", "someone", "else");
        assertThat(versionOf("key")).isEqualTo(before);
        put("key", "user", "secret");
        assertThat(versionOf("key")).isEqualTo(before);
    }

    /** Whether a secret that comes back has its old version is left to the store. */
    @Test
    @DisplayName("credentials: changes the version whenever the secret or the user changes")
    default void changesTheVersionWheneverSecretOrUserChanges() throws Exception {
        List<CredentialVersion> versions = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            put("key", "user" + i, "secret" + i);
            versions.add(versionOf("key"));
            put("key", "user" + i, "secret" + (i + 1));
            versions.add(versionOf("key"));
        }
        assertThat(versions).doesNotHaveDuplicates();
        put("key", "user14", "secret14");
        assertThat(versionOf("key")).isNotEqualTo(versions.getLast());
    }

    @Test
    @DisplayName("credentials: tells nothing of the secret by the version, in texts or in answers")
    default void tellsNothingOfTheSecret() throws Exception {
        Canaries canaries = new Canaries();
        String secret = canaries.plant("password");
        put("key", "user", secret);
        try (PasswordCredential found = found("key")) {
            canaries.assertAbsentFrom("the credential's text", found.toString());
            String version = found.version().value().toLowerCase(java.util.Locale.ROOT);
            canaries.assertAbsentFrom("the version", version);
            for (String algorithm : List.of("MD5", "SHA-1", "SHA-256", "SHA-512")) {
                byte[] hash = MessageDigest.getInstance(algorithm).digest(secret.getBytes(StandardCharsets.UTF_8));
                assertThat(version)
                        .as("a plain hash of the secret")
                        .doesNotContain(HexFormat.of().formatHex(hash).substring(0, 8));
            }
        }
        canaries.assertAbsentFrom("the store's text", store().toString() + store().name());
        canaries.assertAbsentFrom(
                "an answer", store().lookup(new CredentialRef("unknown")).toString());
        canaries.assertAbsentFrom(
                "an answer",
                store().lookup(new CredentialRef(secret.substring(0, 3))).toString());
    }

    @Test
    @DisplayName("credentials: never mixes user and secret of two versions, however many ask")
    default void neverMixesTwoVersions() throws Exception {
        put("key", "user0", "secret0");
        AtomicBoolean done = new AtomicBoolean();
        AtOnce.run(8, worker -> {
            if (worker == 0) {
                for (int i = 1; i <= 30; i++) {
                    put("key", "user" + i, "secret" + i);
                }
                done.set(true);
                return null;
            }
            do {
                Lookup answer = store().lookup(new CredentialRef("key"));
                // A store may say that it cannot keep up; what it does hand out is of one version.
                if (!(answer instanceof Lookup.StoreUnavailable)) {
                    assertIsOfOneVersion(password(answer));
                }
            } while (!done.get());
            return null;
        });
        assertIsOfOneVersion(found("key"));
    }

    private static void assertIsOfOneVersion(PasswordCredential found) {
        try (found) {
            assertThat(textOf(found)).isEqualTo(found.user().replace("user", "secret"));
        }
    }

    @Test
    @DisplayName("credentials: answers or stops when interrupted, and works afterwards")
    default void answersOrStopsWhenInterrupted() throws Exception {
        put("key", "user", "secret");
        Lookup answer = null;
        Thread.currentThread().interrupt();
        try {
            answer = store().lookup(new CredentialRef("key"));
        } catch (InterruptedException stopped) {
            // One of the two ways there are.
        } finally {
            Thread.interrupted();
        }
        if (answer instanceof Lookup.Found found) {
            found.credential().close();
        }
        try (PasswordCredential found = found("key")) {
            assertThat(textOf(found)).isEqualTo("secret");
        }
    }

    @Test
    @DisplayName("credentials: a store that cannot answer says what is wrong")
    default void saysWhatIsWrongWhenItCannotAnswer() throws Exception {
        Optional<CredentialStore> unavailable = unavailableStore();
        if (unavailable.isPresent()) {
            Lookup answer = unavailable.get().lookup(new CredentialRef("key"));
            assertThat(answer).isInstanceOf(Lookup.StoreUnavailable.class);
            assertThat(((Lookup.StoreUnavailable) answer).reason()).isNotBlank().doesNotContain("\n", "\r");
        }
    }

    private PasswordCredential found(String key) throws Exception {
        return password(store().lookup(new CredentialRef(key)));
    }

    private static PasswordCredential password(Lookup answer) {
        if (answer instanceof Lookup.Found found && found.credential() instanceof PasswordCredential password) {
            return password;
        }
        return fail("expected a password, got " + answer);
    }

    private CredentialVersion versionOf(String key) throws Exception {
        try (PasswordCredential found = found(key)) {
            return found.version();
        }
    }

    private static String textOf(PasswordCredential credential) {
        return credential.password().reveal(octets -> new String(octets, StandardCharsets.UTF_8));
    }
}
