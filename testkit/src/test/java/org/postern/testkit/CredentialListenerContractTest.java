// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.postern.spi.credential.CredentialListener;
import org.postern.spi.credential.CredentialRef;

/** Whether the contract notices what it is there for. */
class CredentialListenerContractTest {

    /** Forgets what has changed. */
    static class Honest implements CredentialListenerContract, CredentialListener {

        private final Set<String> remembered = ConcurrentHashMap.newKeySet();

        @Override
        public CredentialListener listener() {
            return this;
        }

        @Override
        public void changed(CredentialRef ref) {
            remembered.remove(ref.key());
        }

        @Override
        public void storeChanged(String storeName) {
            remembered.clear();
        }
    }

    @Test
    void findsNothingWrongWithAnHonestListener() {
        assertThat(Failures.of(Honest.class)).isEmpty();
    }

    /** Knows one credential, waits for whoever else is told something, and swallows interruptions. */
    static class Narrow implements CredentialListenerContract, CredentialListener {

        private final Map<String, Thread> busy = new HashMap<>();

        @Override
        public CredentialListener listener() {
            return this;
        }

        @Override
        public void changed(CredentialRef ref) {
            Thread.interrupted();
            if (!ref.equals(known())) {
                throw new IllegalArgumentException("not ours");
            }
        }

        @Override
        public void storeChanged(String storeName) {
            busy.put(storeName, Thread.currentThread());
        }
    }

    @Test
    void catchesAListenerThatIsNarrow() {
        assertThat(Failures.of(Narrow.class))
                .containsExactlyInAnyOrder(
                        "takesNewsOfWhatItDoesNotKnow",
                        "takesNewsFromManyThreadsAtOnce",
                        "leavesAnInterruptionToItsThread");
    }
}
