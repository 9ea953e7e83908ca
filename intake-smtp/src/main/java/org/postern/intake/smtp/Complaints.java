// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Says why mail is refused once, and then every ten seconds how often it was: a log on a disk that is full must not fill it
 * further, a line for each message.
 *
 * <p>Threading: safe for many threads.
 */
final class Complaints {

    private static final long PERIOD = TimeUnit.SECONDS.toNanos(10);

    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Kind, Told> told = new EnumMap<>(Kind.class);

    /** Why. */
    enum Kind {
        FULL,
        UNDECIDED,
        BROKEN,
        BUG
    }

    /** When it was told last, and how often it has happened since. */
    private record Told(long at, long since) {}

    Complaints(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * It has happened.
     *
     * @param line writes it down, if that is due; gets what is to stand after it: nothing, or how often it was not told
     */
    void about(Kind kind, Consumer<String> line) {
        long now = nanoTime.getAsLong();
        long untold;
        lock.lock();
        try {
            Told before = told.get(kind);
            if (before != null && now - before.at() < PERIOD) {
                told.put(kind, new Told(before.at(), before.since() + 1));
                return;
            }
            untold = before == null ? 0 : before.since();
            told.put(kind, new Told(now, 0));
        } finally {
            lock.unlock();
        }
        line.accept(untold == 0 ? "" : " (and " + untold + " more since this was said last)");
    }
}
