// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.time.Duration;
import java.util.List;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialStore;

/**
 * The credential stores that are there now, asked in the order of their ranking.
 *
 * <p>Each call of a store has a deadline and runs on a thread of its own; a store serves a bounded number of calls at
 * once; callers that want the same reference at the same time share one call, and each gets a copy.
 *
 * <p>Threading: safe for many threads; no lock is held while a store is asked.
 */
public final class StoreRegistry implements AutoCloseable {

    /**
     * Bounds.
     *
     * @param deadline of one call of one store, waiting for its turn included
     * @param calls of one store at once
     * @param drain how long a departure waits for calls that are out
     */
    public record Limits(Duration deadline, int calls, Duration drain) {

        /** 10 seconds, 64 calls, 10 seconds. */
        public static final Limits DEFAULT = new Limits(Duration.ofSeconds(10), 64, Duration.ofSeconds(10));
    }

    /** A registry with these bounds. */
    public StoreRegistry(Limits limits) {}

    /** A store has come. */
    public void bind(CredentialStore store, int ranking, long serviceId) {
        throw new UnsupportedOperationException();
    }

    /**
     * A store goes. Returns when its calls have ended, or interrupts them when the time is over; afterwards nothing here
     * refers to it. An unknown service does nothing.
     */
    public void unbind(long serviceId) {
        throw new UnsupportedOperationException();
    }

    /** The names of the stores, in the order in which they are asked. */
    public List<String> names() {
        throw new UnsupportedOperationException();
    }

    /** Asks, or shares the answer that another caller is waiting for. */
    public StoreAnswer lookup(CredentialRef ref) throws InterruptedException {
        throw new UnsupportedOperationException();
    }

    /** Asks anew, whoever else is asking: for after a peer has refused what the last answer held. */
    public StoreAnswer lookupAnew(CredentialRef ref) throws InterruptedException {
        throw new UnsupportedOperationException();
    }

    /** A credential may have changed: whoever asks from now on shares no answer from before. */
    public void changed(CredentialRef ref) {
        throw new UnsupportedOperationException();
    }

    /** Any credential may have changed. */
    public void allChanged() {
        throw new UnsupportedOperationException();
    }

    /** Forgets all stores and interrupts what is out. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
