// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.postern.spi.credential.CredentialAccess;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.SecretWrapping;

/**
 * What all accounts of a store share.
 *
 * @param access the other stores
 * @param wrapping keeps tokens encrypted in memory
 * @param versions counts tokens
 * @param clock what time it is
 * @param random for jitter
 * @param threads where requests run
 * @param relays those that share the queue
 * @param news whom to tell that an account has a token again
 */
record Surroundings(
        CredentialAccess access,
        SecretWrapping wrapping,
        TokenVersions versions,
        InstantSource clock,
        RandomGenerator random,
        Executor threads,
        Relays relays,
        News news) {

    /** Hears of accounts whose answer has changed. */
    @FunctionalInterface
    interface News {
        void changed(CredentialRef ref);
    }
}
