// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.postern.spi.credential.AuthIdentity;
import org.postern.spi.credential.CredentialRef;

/**
 * Keeps a refused credential from being tried over and over: one breaker per identity, with its credential version, and
 * endpoint.
 *
 * <p>Threading: safe for many threads.
 */
public final class LoginBreaker {

    /** Whether a login may begin now. */
    public sealed interface Admission {

        /**
         * It may. The permit must be settled.
         *
         * @param permit what to tell the result to
         */
        record Go(LoginPermit permit) implements Admission {}

        /**
         * It may not.
         *
         * @param until when to ask again
         * @param reason one line for people
         */
        record Wait(Instant until, String reason) implements Admission {}
    }

    /** Reads the time from this clock. */
    public LoginBreaker(Clock clock) {}

    /** Whether a login may begin now; answers at once. */
    public Admission admit(AuthIdentity identity, Endpoint endpoint) {
        throw new UnsupportedOperationException();
    }

    /** The same, but waits a while for its turn where others are just logging in. Not for an open breaker. */
    public Admission admit(AuthIdentity identity, Endpoint endpoint, Duration patience) throws InterruptedException {
        throw new UnsupportedOperationException();
    }

    /** A store says that this credential may have changed: probes are due at once. */
    public void reset(CredentialRef ref) {
        throw new UnsupportedOperationException();
    }

    /** All credentials may have changed. */
    public void resetAll() {
        throw new UnsupportedOperationException();
    }
}
