// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.hostile;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.postern.bench.MeanRatio;

/** Two relays, each with a good peer, that take turns: one has bad peers besides, or is about to. Used by one thread. */
final class Stretches {

    private static final int MESSAGES = 1_000;
    /** The system counts in these. */
    private static final double CPU_TICK = 0.01;

    private static final Duration MOST = Duration.ofMinutes(1);

    private final Course harmed;
    private final Course calm;
    private final Consumer<Boolean> turns;
    private final List<Double> byClock = new ArrayList<>();
    private final List<Double> byCpu = new ArrayList<>();

    private record Effort(double seconds, double cpuSeconds) {}

    /** A relay and where its good mail arrives. */
    record Course(BuiltRelay relay, GoodPeer good) {

        /** Returns how many seconds it took from the first message in to the last message out. */
        double run(int messages) throws IOException, InterruptedException {
            long expected = good.deliveries() + messages;
            long began = System.nanoTime();
            new Load(messages, number -> "somebody@good.example").run(relay.port());
            if (!Patience.await(MOST, () -> good.deliveries() >= expected)) {
                throw new IOException("the good peer lacks " + (expected - good.deliveries()) + " of " + messages);
            }
            return Patience.secondsSince(began);
        }
    }

    /**
     * Takes both.
     *
     * @param turns told whether it is the turn of the harmed one
     */
    Stretches(Course harmed, Course calm, Consumer<Boolean> turns) {
        this.harmed = harmed;
        this.calm = calm;
        this.turns = turns;
    }

    /** A stretch of each, in an order that changes from one pair to the next. */
    void pair() throws IOException, InterruptedException {
        boolean harmedFirst = byClock.size() % 2 == 0;
        Effort first = stretch(harmedFirst);
        Effort second = stretch(!harmedFirst);
        Effort beside = harmedFirst ? first : second;
        Effort without = harmedFirst ? second : first;
        byClock.add(without.seconds() / beside.seconds());
        byCpu.add(without.cpuSeconds() / beside.cpuSeconds());
    }

    private Effort stretch(boolean isHarmed) throws IOException, InterruptedException {
        Course course = isHarmed ? harmed : calm;
        turns.accept(isHarmed);
        double before = course.relay().cpuSeconds();
        double seconds = course.run(MESSAGES);
        return new Effort(seconds, Math.max(CPU_TICK, course.relay().cpuSeconds() - before));
    }

    /** The good peer's rate beside bad ones, divided by the rate without. */
    MeanRatio rate() {
        return MeanRatio.of(byClock);
    }

    /** The same, for the same time of the processor. */
    MeanRatio rateByCpu() {
        return MeanRatio.of(byCpu);
    }
}
