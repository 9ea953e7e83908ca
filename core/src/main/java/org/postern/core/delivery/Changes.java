// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.postern.engine.dto.QueueChange;

/** Changes to mail that waits, many at once, and what came of them so far. Used by one thread, which waits for all in the end. */
final class Changes {

    /** So many wait for the disk together and share its flush. */
    private static final int AT_ONCE = 256;

    private final LongConsumer progress;
    private final Semaphore room = new Semaphore(AT_ONCE);
    private final LongAdder changed = new LongAdder();
    private final LongAdder leftAlone = new LongAdder();
    private final LongAdder failed = new LongAdder();

    /** @param progress told now and then how many entries are done */
    Changes(LongConsumer progress) {
        this.progress = progress;
    }

    /** These entries need no change. */
    void leaveAlone(long entries) {
        leftAlone.add(entries);
    }

    /**
     * Begins a change, once there is room for one more.
     *
     * @param entries how many it concerns
     * @param change says what came of them
     */
    void begin(int entries, Supplier<QueueChange> change) throws InterruptedException {
        tell();
        room.acquire();
        Thread.ofVirtual().name("postern-queue-change").start(() -> {
            QueueChange outcome = new QueueChange(0, 0, entries);
            try {
                outcome = change.get();
            } finally {
                add(outcome);
                room.release();
            }
        });
    }

    private void add(QueueChange outcome) {
        changed.add(outcome.changed());
        leftAlone.add(outcome.leftAlone());
        failed.add(outcome.failed());
    }

    /** Waits for those under way, though the thread be interrupted. */
    void await() {
        room.acquireUninterruptibly(AT_ONCE);
        room.release(AT_ONCE);
        tell();
    }

    private void tell() {
        QueueChange sum = sum();
        progress.accept(sum.changed() + sum.leftAlone() + sum.failed());
    }

    /** What came of all that are done. */
    QueueChange sum() {
        return new QueueChange(changed.sum(), leftAlone.sum(), failed.sum());
    }
}
