// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postern.spi.credential.CredentialListener;
import org.postern.spi.credential.CredentialRef;

/** What every {@link CredentialListener} promises to the store that tells it of changes. */
public interface CredentialListenerContract {

    /** The listener under test, always the same one. */
    CredentialListener listener();

    /** A credential that the listener cares for, if it cares for some and not for others. */
    default CredentialRef known() {
        return new CredentialRef("partner");
    }

    private void tell() {
        for (CredentialRef ref : List.of(known(), new CredentialRef("nobody's"), new CredentialRef("\u00fc\n\"%s"))) {
            listener().changed(ref);
        }
        listener().storeChanged("vault");
        listener().storeChanged("a store of another vendor");
    }

    @Test
    @DisplayName("credential listener: takes news of credentials and stores that it does not know")
    default void takesNewsOfWhatItDoesNotKnow() {
        assertThatCode(this::tell).doesNotThrowAnyException();
    }

    @Test
    @DisplayName("credential listener: takes news from many threads at once")
    default void takesNewsFromManyThreadsAtOnce() throws Exception {
        AtOnce.run(16, worker -> {
            for (int i = 0; i < 50; i++) {
                tell();
            }
            return null;
        });
    }

    /** The thread is the store's, and may hold what others wait for. */
    @Test
    @DisplayName("credential listener: returns to a thread that is interrupted, and leaves it so")
    default void leavesAnInterruptionToItsThread() {
        Thread.currentThread().interrupt();
        try {
            tell();
        } finally {
            assertThat(Thread.interrupted()).as("still interrupted").isTrue();
        }
    }
}
