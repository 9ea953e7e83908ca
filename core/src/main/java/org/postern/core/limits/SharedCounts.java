// SPDX-License-Identifier: Apache-2.0
package org.postern.core.limits;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.postern.core.cluster.Cluster;
import org.postern.spi.cluster.Put;
import org.postern.spi.cluster.Register;
import org.postern.spi.cluster.SharedRegisters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes counts hold for all relays: what one counts is put into the register of the account, and counts only if nobody else
 * counted in the meantime. Those who count at the same moment in one relay are told together.
 *
 * <p>Threading: safe for many threads; no lock of the owner's is held while the storage is asked.
 */
final class SharedCounts {

    static final String TOPIC = "limit";

    private static final Logger LOG = LoggerFactory.getLogger(SharedCounts.class);

    /** The longest window, and what is left of its last parts. */
    private static final Duration LIFE = Rate.Window.DAY.length().plusHours(1);

    private final Cluster cluster;
    private final ReentrantLock lock;

    /** Whether a change holds. */
    enum Told {
        /** For all relays. */
        HOLDS,
        /** Others counted in the meantime, and what they have counted is here now without the change. */
        BEATEN,
        /** Nobody knows. */
        UNKNOWN
    }

    /** @param lock of the owner of the counts */
    SharedCounts(Cluster cluster, ReentrantLock lock) {
        this.cluster = cluster;
        this.lock = lock;
    }

    /**
     * Tells the others of all changes up to one.
     *
     * @param change the number of the change
     * @param epoch in which it was made
     */
    Told tell(Account account, AccountUse use, long change, long epoch) {
        use.telling.lock();
        try {
            byte[] value;
            long expected;
            long upTo;
            lock.lock();
            try {
                if (use.epoch != epoch) {
                    return Told.BEATEN;
                }
                if (use.told >= change) {
                    return Told.HOLDS;
                }
                value = use.counts.encoded(cluster.now());
                expected = use.revision;
                upTo = use.changes;
            } finally {
                lock.unlock();
            }
            Optional<Put> put = cluster.put(TOPIC, account.sharedName(), value, expected, LIFE);
            return put.map(done -> take(use, done, upTo)).orElse(Told.UNKNOWN);
        } finally {
            use.telling.unlock();
        }
    }

    private Told take(AccountUse use, Put done, long upTo) {
        lock.lock();
        try {
            return switch (done) {
                case Put.Held held -> {
                    use.revision = held.revision();
                    use.told = upTo;
                    yield Told.HOLDS;
                }
                case Put.Beaten beaten -> {
                    replace(use, beaten.by());
                    yield Told.BEATEN;
                }
            };
        } finally {
            lock.unlock();
        }
    }

    /** What others have counted. Whoever is just telling finds out by himself. */
    void heard(AccountUse use, Register register) {
        if (!use.telling.tryLock()) {
            return;
        }
        lock.lock();
        try {
            if (use.revision != register.revision()) {
                replace(use, Optional.of(register));
            }
        } finally {
            lock.unlock();
            use.telling.unlock();
        }
    }

    private static void replace(AccountUse use, Optional<Register> by) {
        use.epoch++;
        use.told = use.changes;
        use.revision = by.map(Register::revision).orElse(SharedRegisters.ABSENT);
        use.counts = by.flatMap(SharedCounts::counts).orElseGet(() -> new Counts(true));
    }

    private static Optional<Counts> counts(Register register) {
        try {
            return Optional.of(Counts.decoded(register.value()));
        } catch (IOException foreign) {
            LOG.warn("what another relay counted cannot be read, and an account's limits begin anew", foreign);
            return Optional.empty();
        }
    }
}
