// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.util.BitSet;
import java.util.concurrent.locks.ReentrantLock;

/** Which messages of a phase have come. Threading: safe for several threads. */
final class SinkList {

    private final String prefix;
    private final int count;
    private final Runnable whenComplete;
    private final ReentrantLock lock = new ReentrantLock();
    private final BitSet seen = new BitSet();
    private final long[] times;
    private int different;
    private int repeated;

    /**
     * @param phase with what the local parts of the recipients begin, up to a hyphen and the number
     * @param count numbers from 0 to below this are expected
     * @param whenComplete called once, when all have come
     */
    SinkList(String phase, int count, Runnable whenComplete) {
        this.prefix = phase + "-";
        this.count = count;
        this.whenComplete = whenComplete;
        this.times = new long[count];
    }

    /** The recipient of a message of this phase. */
    static String recipient(String phase, int number) {
        return recipient(phase, number, 1);
    }

    /** The same, in one of so many domains. */
    static String recipient(String phase, int number, int domains) {
        return phase + "-" + number + "@" + (domains == 1 ? "" : "d" + number % domains + ".") + "sink.example";
    }

    /** A message for this recipient is complete. One of another phase comes late or again; its own phase missed it. */
    void mark(String recipient) {
        if (!recipient.startsWith(prefix)) {
            return;
        }
        int number = Integer.parseInt(recipient.substring(prefix.length(), recipient.indexOf('@')));
        if (note(number)) {
            whenComplete.run();
        }
    }

    private boolean note(int number) {
        lock.lock();
        try {
            if (seen.get(number)) {
                repeated++;
                return false;
            }
            seen.set(number);
            times[number] = Latency.now();
            different++;
            return different == count;
        } finally {
            lock.unlock();
        }
    }

    int different() {
        lock.lock();
        try {
            return different;
        } finally {
            lock.unlock();
        }
    }

    /** When each of them came, by {@link Latency#now}; 0 for what has not. */
    long[] times() {
        lock.lock();
        try {
            return times.clone();
        } finally {
            lock.unlock();
        }
    }

    int repeated() {
        lock.lock();
        try {
            return repeated;
        } finally {
            lock.unlock();
        }
    }
}
