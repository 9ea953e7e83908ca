// SPDX-License-Identifier: Apache-2.0
package org.postern.core.queue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.postern.core.cluster.Cluster;
import org.postern.spi.cluster.Put;
import org.postern.spi.cluster.Register;
import org.postern.spi.cluster.RegisterName;
import org.postern.spi.cluster.SharedRegisters;
import org.postern.spi.settings.Throttle;

/**
 * Counts what relays that share a queue let through all together. Each draws portions of what may go out in a window, which
 * are good until its end; what a relay has drawn and not used by then is lost.
 *
 * <p>Threading: safe for many threads; never blocks. Portions are drawn by the executor's threads. While one is drawn whoever
 * comes is told to ask again, and when it is there the listener is told.
 */
final class SharedThrottles {

    private static final String TOPIC = "throttle";
    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);
    private static final Duration KEPT = Duration.ofMinutes(1);
    private static final int PORTIONS = 16;
    private static final int ATTEMPTS = 20;
    private static final int FORGET_ABOVE = 1_000;

    private final Cluster cluster;
    private final Executor drawing;
    private volatile Runnable onDrawn = () -> {};
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Place, Drawn> all = new HashMap<>();

    private record Place(String name, Throttle throttle) {}

    /** What is known of one throttle, and what is left here of what was drawn. Guarded by the lock, by the time of all. */
    private static final class Drawn {

        final String name;
        final Throttle throttle;
        long revision = SharedRegisters.ABSENT;
        /** The window, and how much of it is taken by anybody. */
        Instant start = Instant.EPOCH;

        long taken;
        /** What may still go out here, until the end of which window. */
        long left;

        Instant good = Instant.EPOCH;
        Instant closed = Instant.EPOCH;
        boolean isBeingDrawn;

        Drawn(Place place) {
            this.name = RegisterName.of(place.name(), place.throttle().toString());
            this.throttle = place.throttle();
        }

        Instant end() {
            return start.plus(throttle.window());
        }

        long portion() {
            return Math.max(1, throttle.count() / PORTIONS);
        }

        boolean isOver(Instant now) {
            return !end().isAfter(now) && !good.isAfter(now) && !isBeingDrawn;
        }
    }

    SharedThrottles(Cluster cluster, Executor drawing) {
        this.cluster = cluster;
        this.drawing = drawing;
    }

    /** @param listener told, without a lock held, whenever there is a portion */
    void whenDrawn(Runnable listener) {
        onDrawn = listener;
    }

    /** How long it is until one more may go out; nothing if it is through. */
    Optional<Duration> closedFor(String place, Throttle throttle) {
        Optional<Drawn> toDraw = Optional.empty();
        lock.lock();
        try {
            Instant now = cluster.now();
            forgetOld(now);
            Drawn drawn = all.computeIfAbsent(new Place(place, throttle), Drawn::new);
            boolean passes = drawn.left > 0 && drawn.good.isAfter(now);
            if (passes) {
                drawn.left--;
            } else if (drawn.closed.isAfter(now)) {
                return Optional.of(Duration.between(now, drawn.closed));
            }
            // The next portion is there before this one is used up.
            if (!drawn.isBeingDrawn && !(drawn.left > drawn.portion() / 2 && drawn.good.isAfter(now))) {
                drawn.isBeingDrawn = true;
                toDraw = Optional.of(drawn);
            }
            return passes ? Optional.empty() : Optional.of(Duration.ZERO);
        } finally {
            lock.unlock();
            toDraw.ifPresent(drawn -> drawing.execute(() -> draw(drawn)));
        }
    }

    private void draw(Drawn drawn) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Next next;
            lock.lock();
            try {
                next = next(drawn, cluster.now());
                if (next.portion() == 0) {
                    drawn.closed = drawn.end();
                    drawn.isBeingDrawn = false;
                    return;
                }
            } finally {
                lock.unlock();
            }
            Optional<Put> put = cluster.put(TOPIC, drawn.name, next.value(), next.expected(), next.life());
            if (put.isEmpty()) {
                pause(drawn);
            }
            if (put.isEmpty() || take(drawn, next, put.get())) {
                onDrawn.run();
                return;
            }
        }
        pause(drawn);
    }

    private void pause(Drawn drawn) {
        lock.lock();
        try {
            drawn.closed = cluster.now().plus(ASK_AGAIN);
            drawn.isBeingDrawn = false;
        } finally {
            lock.unlock();
        }
    }

    /** A portion, if it can be had. */
    private record Next(Instant start, long taken, long portion, long expected, Duration life) {

        byte[] value() {
            return ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(start.toEpochMilli())
                    .putLong(taken)
                    .array();
        }
    }

    private static Next next(Drawn drawn, Instant now) {
        boolean fresh = !drawn.end().isAfter(now);
        Instant start = fresh ? Instant.ofEpochMilli(now.toEpochMilli()) : drawn.start;
        long taken = fresh ? 0 : drawn.taken;
        long portion = Math.max(0, Math.min(drawn.throttle.count() - taken, drawn.portion()));
        return new Next(
                start,
                taken + portion,
                portion,
                drawn.revision,
                drawn.throttle.window().plus(KEPT));
    }

    /** Returns whether the drawing is over. */
    private boolean take(Drawn drawn, Next next, Put put) {
        lock.lock();
        try {
            return switch (put) {
                case Put.Held held -> {
                    drawn.revision = held.revision();
                    drawn.left = next.portion() + (drawn.good.equals(endOf(drawn, next)) ? drawn.left : 0);
                    drawn.start = next.start();
                    drawn.taken = next.taken();
                    drawn.good = drawn.end();
                    drawn.isBeingDrawn = false;
                    yield true;
                }
                case Put.Beaten beaten -> {
                    adopt(drawn, beaten.by());
                    yield false;
                }
            };
        } finally {
            lock.unlock();
        }
    }

    private static Instant endOf(Drawn drawn, Next next) {
        return next.start().plus(drawn.throttle.window());
    }

    private static void adopt(Drawn drawn, Optional<Register> by) {
        drawn.revision = by.map(Register::revision).orElse(SharedRegisters.ABSENT);
        ByteBuffer value = ByteBuffer.wrap(by.map(Register::value).orElseGet(() -> new byte[0]));
        boolean known = value.remaining() == 2 * Long.BYTES;
        drawn.start = known ? Instant.ofEpochMilli(value.getLong()) : Instant.EPOCH;
        drawn.taken = known ? value.getLong() : 0;
    }

    private void forgetOld(Instant now) {
        if (all.size() >= FORGET_ABOVE) {
            all.values().removeIf(drawn -> drawn.isOver(now));
        }
    }
}
