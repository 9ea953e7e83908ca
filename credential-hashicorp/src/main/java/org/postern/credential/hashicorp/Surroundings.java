// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.postern.spi.credential.CredentialRef;

/**
 * What all secrets of a store share.
 *
 * @param source where they are read
 * @param pollInterval how often each is looked at while nobody asks
 * @param clock what time it is
 * @param random for jitter
 * @param threads where requests run
 * @param background where those run that nobody waits for, at a bounded rate
 * @param news whom to tell of changes
 */
record Surroundings(
        SecretSource source,
        Duration pollInterval,
        InstantSource clock,
        RandomGenerator random,
        Executor threads,
        Executor background,
        News news) {

    /** Hears of references whose answer has changed. */
    @FunctionalInterface
    interface News {
        void changed(Collection<CredentialRef> refs);
    }
}
