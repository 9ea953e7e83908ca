// SPDX-License-Identifier: Apache-2.0
package org.postern.core.limits;

import java.util.concurrent.locks.ReentrantLock;
import org.postern.spi.cluster.SharedRegisters;

/**
 * What is known here of the use of one account, and how much of that all relays know. Guarded by the lock of its owner, but
 * for {@link #telling}.
 */
final class AccountUse {

    /** Held by whoever tells the others, for as long as that takes. Taken before the owner's lock, never within it. */
    final ReentrantLock telling = new ReentrantLock();

    Counts counts;
    CredentialLimits inForce = CredentialLimits.NONE;
    /** On which the counts are based. */
    long revision = SharedRegisters.ABSENT;
    /** Rises with each change that was made here. */
    long changes;
    /** Up to which change the others know. */
    long told;
    /** Rises when what others counted takes the place of the counts here: then changes that were not told are gone. */
    long epoch;

    AccountUse(boolean shared) {
        this.counts = new Counts(shared);
    }
}
