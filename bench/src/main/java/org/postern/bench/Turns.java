// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Relays that take turns at the same loads, so that what else the machine does meets all of them. Used by one thread. */
final class Turns implements AutoCloseable {

    private final List<Relay> relays;
    private final Round round;
    private final Results results = new Results();
    private final Consumer<String> out;

    /**
     * @param sink where all of them deliver
     * @param out told how it goes, line by line
     */
    Turns(List<Relay> relays, SinkProcess sink, Consumer<String> out) {
        this.relays = List.copyOf(relays);
        this.round = new Round(sink);
        this.out = out;
    }

    List<Relay> relays() {
        return relays;
    }

    /** What has been measured so far. */
    Results results() {
        return results;
    }

    /** Starts each as often, one after the other; they run afterwards. */
    void start(int times) throws IOException, InterruptedException {
        for (int i = 0; i < times; i++) {
            for (Relay relay : relays) {
                relay.stop();
                results.addStart(relay.name(), round.start(relay));
            }
        }
    }

    /**
     * The same time for each: a JVM compiles, the processes of a pool are started.
     *
     * @param piece what is sent again and again
     */
    void warmUp(Case piece, int seconds) throws IOException, InterruptedException {
        for (Relay relay : relays) {
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            int messages = 0;
            while (System.nanoTime() - until < 0) {
                messages += round.measure(relay, piece).messages();
            }
            say("%s warmed up with %d messages", relay.name(), messages);
        }
    }

    /** Sends the loads through each, so many times. */
    void measure(List<Case> loads, int rounds) throws IOException, InterruptedException {
        for (int i = 0; i < rounds; i++) {
            for (Case load : loads) {
                // Whoever goes second finds the disk as the first one left it.
                for (Relay relay : i % 2 == 0 ? relays : relays.reversed()) {
                    note(i, relay, load, round.measure(relay, load));
                }
            }
        }
    }

    private void note(int number, Relay relay, Case load, Sample sample) {
        results.add(relay.name(), load, sample);
        say(
                "round %d, %2d in, %s: %.0f messages/s, CPU %.3f s per 1000%s",
                number + 1,
                load.connections(),
                relay.name(),
                sample.deliveredPerSecond(),
                sample.cpuPerThousand(),
                sample.complete() ? "" : ", LOST " + sample.lost());
    }

    private void say(String format, Object... arguments) {
        out.accept(String.format(Locale.ROOT, format, arguments));
    }

    @Override
    public void close() throws IOException {
        for (Relay relay : relays) {
            relay.close();
        }
    }
}
