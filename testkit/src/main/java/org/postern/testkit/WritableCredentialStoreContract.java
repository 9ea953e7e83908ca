// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialUpdate;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.postern.spi.credential.UpdateResult;
import org.postern.spi.credential.WritableCredentialStore;

/** What every {@link WritableCredentialStore} promises, beside what every store does. */
public interface WritableCredentialStoreContract extends CredentialStoreContract {

    @Override
    WritableCredentialStore store() throws Exception;

    @Test
    @DisplayName("credentials: answers at once with what was written, octet by octet, and with its version")
    default void answersAtOnceWithWhatWasWritten() throws Exception {
        for (String secret : List.of("refresh", "grüße 𝄞", "x".repeat(64 * 1024), "with\r\nline ends\0and nul")) {
            CredentialVersion version = written(Optional.empty(), "user@example.test", secret);
            try (PasswordCredential held = held()) {
                assertThat(held.user()).isEqualTo("user@example.test");
                String text = held.password().reveal(octets -> new String(octets, StandardCharsets.UTF_8));
                assertThat(text).isEqualTo(secret);
                assertThat(held.allowedHosts()).containsExactly("login.example.test");
                assertThat(held.version()).isEqualTo(version);
            }
        }
    }

    @Test
    @DisplayName("credentials: replaces the version that is expected")
    default void replacesTheVersionThatIsExpected() throws Exception {
        put("key", "user", "first");
        CredentialVersion first = heldVersion();
        CredentialVersion second = written(Optional.of(first), "user", "second");
        assertThat(second).isNotEqualTo(first);
        assertThat(written(Optional.of(second), "user", "third")).isNotIn(first, second);
    }

    @Test
    @DisplayName("credentials: writes nothing over another version than the one that is expected")
    default void writesNothingOverAnotherVersion() throws Exception {
        put("key", "user", "first");
        CredentialVersion first = heldVersion();
        put("key", "user", "the operator's");
        assertThat(write(Optional.of(first), "user", "late")).isInstanceOf(UpdateResult.Superseded.class);
        try (PasswordCredential held = held()) {
            assertThat(held.password()).isEqualTo(Secret.of("the operator's"));
        }
    }

    @Test
    @DisplayName("credentials: brings nothing back that was removed")
    default void bringsNothingBackThatWasRemoved() throws Exception {
        put("key", "user", "first");
        CredentialVersion first = heldVersion();
        remove("key");
        assertThat(write(Optional.of(first), "user", "late")).isInstanceOf(UpdateResult.Superseded.class);
        assertThat(store().lookup(new CredentialRef("key"))).isInstanceOf(Lookup.NoSuchCredential.class);
    }

    @Test
    @DisplayName("credentials: of writers that expect the same version one writes")
    default void ofWritersThatExpectTheSameVersionOneWrites() throws Exception {
        put("key", "user", "first");
        CredentialVersion first = heldVersion();
        List<UpdateResult> results = AtOnce.run(6, worker -> write(Optional.of(first), "user", "by writer " + worker));
        assertThat(results)
                .filteredOn(UpdateResult.Updated.class::isInstance)
                .singleElement()
                .isEqualTo(new UpdateResult.Updated(heldVersion()));
    }

    @Test
    @DisplayName("credentials: keeps the version when what is there already is written")
    default void keepsTheVersionWhenTheSameIsWritten() throws Exception {
        CredentialVersion before = written(Optional.empty(), "user", "same");
        assertThat(written(Optional.of(before), "user", "same")).isEqualTo(before);
    }

    private CredentialVersion written(Optional<CredentialVersion> expected, String user, String secret)
            throws Exception {
        UpdateResult result = write(expected, user, secret);
        assertThat(result).isInstanceOf(UpdateResult.Updated.class);
        return ((UpdateResult.Updated) result).version();
    }

    private UpdateResult write(Optional<CredentialVersion> expected, String user, String text) throws Exception {
        try (Secret secret = Secret.of(text)) {
            return store().update(new CredentialUpdate(
                    new CredentialRef("key"), expected, user, secret, Set.of("Login.example.test")));
        }
    }

    private PasswordCredential held() throws Exception {
        Lookup answer = store().lookup(new CredentialRef("key"));
        assertThat(answer).isInstanceOf(Lookup.Found.class);
        return (PasswordCredential) ((Lookup.Found) answer).credential();
    }

    private CredentialVersion heldVersion() throws Exception {
        try (PasswordCredential held = held()) {
            return held.version();
        }
    }
}
