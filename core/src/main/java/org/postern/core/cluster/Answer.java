// SPDX-License-Identifier: Apache-2.0
package org.postern.core.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.postern.spi.cluster.Put;
import org.postern.spi.cluster.Register;
import org.postern.spi.cluster.SharedRegisters;

/**
 * What this relay answers to one question, told to the one that asked.
 *
 * <p>Threading: safe for many threads; the signs of life come from another than the answer.
 */
final class Answer {

    private final Cluster cluster;
    private final String question;
    private final String relay;
    private final ReentrantLock lock = new ReentrantLock();
    private long revision = SharedRegisters.ABSENT;
    private boolean begun;
    private boolean complete;

    Answer(Cluster cluster, String question, String relay) {
        this.cluster = cluster;
        this.question = question;
        this.relay = relay;
    }

    /** Whether it is for this relay to answer, and nobody did so under its name before. */
    boolean begin() {
        lock.lock();
        try {
            begun = putHead(AnswerHead.WORKING);
            return begun;
        } finally {
            lock.unlock();
        }
    }

    /** Says that it is being worked on, from the beginning until it is complete. */
    void signOfLife() {
        if (!lock.tryLock()) {
            return;
        }
        try {
            if (begun && !complete) {
                putHead(AnswerHead.WORKING);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Tells all of it, and rests where the storage does not answer, until the time is over. */
    void tell(byte[] packed, Pause pause, Instant until) throws InterruptedException {
        int size = SharedRegisters.LONGEST_VALUE;
        int parts = (packed.length + size - 1) / size;
        int part = 0;
        while (cluster.now().isBefore(until)) {
            while (part < parts
                    && putPart(
                            part,
                            Arrays.copyOfRange(packed, part * size, Math.min(packed.length, (part + 1) * size)))) {
                part++;
            }
            if (part == parts && end(parts)) {
                return;
            }
            pause.rest(Duration.ofSeconds(1));
        }
    }

    /** What is there already was put by this relay, which was not told so. */
    private boolean putPart(int part, byte[] value) {
        return cluster.put(
                        AnswerHead.TOPIC,
                        AnswerHead.partName(question, relay, part),
                        value,
                        SharedRegisters.ABSENT,
                        AnswerHead.LIFE)
                .isPresent();
    }

    private boolean end(int parts) {
        lock.lock();
        try {
            complete = putHead(new AnswerHead(true, parts));
            return complete;
        } finally {
            lock.unlock();
        }
    }

    private boolean putHead(AnswerHead head) {
        Optional<Put> put = cluster.put(
                AnswerHead.TOPIC, AnswerHead.name(question, relay), head.encoded(), revision, AnswerHead.LIFE);
        return switch (put.orElse(null)) {
            case Put.Held held -> {
                revision = held.revision();
                yield true;
            }
            case Put.Beaten beaten -> {
                // Put by this relay, which was not told so.
                revision = beaten.by().map(Register::revision).orElse(SharedRegisters.ABSENT);
                yield false;
            }
            case null -> false;
        };
    }
}
