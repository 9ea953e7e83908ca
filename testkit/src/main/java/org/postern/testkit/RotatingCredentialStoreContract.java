// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.RotatingCredentialStore;
import org.postern.spi.credential.UpdateResult;

/** What every {@link RotatingCredentialStore} promises, beside what every store does. */
public interface RotatingCredentialStoreContract extends CredentialStoreContract {

    @Override
    RotatingCredentialStore store() throws Exception;

    /** Puts a coming password beside the present one of this key; the store offers it from the return on. */
    void putNext(String key, String password) throws Exception;

    @Test
    @DisplayName("credentials: offers a coming credential beside the present one, and none where there is none")
    default void offersAComingCredential() throws Exception {
        put("key", "user", "present");
        Lookup.Found alone = found();
        assertThat(alone.next()).isEmpty();
        alone.close();
        putNext("key", "coming");
        Lookup.Found both = found();
        try {
            assertThat(textOf(both.credential())).isEqualTo("present");
            assertThat(textOf(both.next().orElseThrow())).isEqualTo("coming");
            assertThat(both.next().orElseThrow().version())
                    .isNotEqualTo(both.credential().version());
        } finally {
            both.close();
        }
    }

    @Test
    @DisplayName("credentials: keeps the present version while a coming credential is put beside it")
    default void keepsThePresentVersion() throws Exception {
        put("key", "user", "present");
        CredentialVersion before = present();
        putNext("key", "coming");
        assertThat(present()).isEqualTo(before);
        CredentialVersion first = coming();
        assertThat(coming()).isEqualTo(first);
        putNext("key", "another");
        assertThat(coming()).isNotEqualTo(first);
        assertThat(present()).isEqualTo(before);
    }

    @Test
    @DisplayName("credentials: answers with what was promoted, in the version that the promotion told")
    default void answersWithWhatWasPromoted() throws Exception {
        put("key", "user", "present");
        putNext("key", "coming");
        UpdateResult result = store().promote(new CredentialRef("key"), coming());
        Lookup.Found after = found();
        try {
            assertThat(textOf(after.credential())).isEqualTo("coming");
            assertThat(after.next()).isEmpty();
            assertThat(result)
                    .isEqualTo(new UpdateResult.Updated(after.credential().version()));
        } finally {
            after.close();
        }
    }

    @Test
    @DisplayName("credentials: promotes nothing but the version that was proven")
    default void promotesNothingButTheVersionThatWasProven() throws Exception {
        put("key", "user", "present");
        putNext("key", "first try");
        CredentialVersion proven = coming();
        putNext("key", "second try");
        assertThat(store().promote(new CredentialRef("key"), proven)).isInstanceOf(UpdateResult.Superseded.class);
        assertThat(store().promote(new CredentialRef("unknown"), proven)).isInstanceOf(UpdateResult.Superseded.class);
        Lookup.Found after = found();
        try {
            assertThat(textOf(after.credential())).isEqualTo("present");
            assertThat(textOf(after.next().orElseThrow())).isEqualTo("second try");
        } finally {
            after.close();
        }
    }

    @Test
    @DisplayName("credentials: however many promote at once, the credential is promoted once")
    default void promotesOnce() throws Exception {
        put("key", "user", "present");
        putNext("key", "coming");
        CredentialVersion proven = coming();
        List<UpdateResult> results = AtOnce.run(6, worker -> store().promote(new CredentialRef("key"), proven));
        assertThat(results)
                .filteredOn(UpdateResult.Updated.class::isInstance)
                .isNotEmpty()
                .containsOnly(new UpdateResult.Updated(present()));
        assertThat(results).noneMatch(UpdateResult.NotUpdated.class::isInstance);
    }

    private Lookup.Found found() throws Exception {
        return store().lookup(new CredentialRef("key")) instanceof Lookup.Found found
                ? found
                : fail("expected a credential under key");
    }

    private CredentialVersion present() throws Exception {
        Lookup.Found found = found();
        found.close();
        return found.credential().version();
    }

    private CredentialVersion coming() throws Exception {
        Lookup.Found found = found();
        found.close();
        return found.next().orElseThrow().version();
    }

    private static String textOf(Credential credential) {
        return ((PasswordCredential) credential)
                .password()
                .reveal(octets -> new String(octets, StandardCharsets.UTF_8));
    }
}
