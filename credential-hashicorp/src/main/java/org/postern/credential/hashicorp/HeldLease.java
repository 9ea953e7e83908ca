// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * A leased secret in use. Immutable.
 *
 * @param answer what is handed out
 * @param lease as it was granted or renewed last
 * @param end when its issuer takes it back
 * @param due when it is to be renewed or replaced
 */
record HeldLease(SecretAnswer.Present answer, SecretAnswer.Lease lease, Instant end, Instant due) {

    /**
     * A lease that begins.
     *
     * @param asked when it was asked for: the issuer counts from a moment later
     */
    static HeldLease of(SecretAnswer.Present answer, SecretAnswer.Lease lease, Instant asked, RandomGenerator random) {
        long millis = lease.life().toMillis();
        // Leases that began together would be renewed together, for a thousand secrets in the same second.
        long early = (long) (millis * random.nextDouble() / 6);
        return new HeldLease(answer, lease, asked.plusMillis(millis), asked.plusMillis(millis * 2 / 3 - early));
    }

    boolean isOver(Instant now) {
        return !now.isBefore(end);
    }

    boolean isDue(Instant now) {
        return !now.isBefore(due);
    }

    /** Whether a renewal is worth it. One that brings less than half of what there was nears the end of what is allowed. */
    boolean isProlongedBy(SecretAnswer.Lease renewed) {
        return renewed.life().multipliedBy(2).compareTo(lease.life()) >= 0;
    }

    /** The same, to be looked at again after a quarter of what is left of it. */
    HeldLease postponed(Instant now) {
        return new HeldLease(
                answer, lease, end, now.plus(Duration.between(now, end).dividedBy(4)));
    }
}
