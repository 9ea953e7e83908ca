// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Measures a relay: one load, or one start. */
final class Round {

    private static final double NANOS = 1e9;
    /** How long a relay may take to deliver what it has accepted, and to deliver the first message after its start. */
    private static final long PATIENCE_SECONDS = 120;
    /** Work that follows the last delivery, such as removing it from the queue, belongs to it. */
    private static final long AFTERMATH_MILLIS = 400;

    private final SinkProcess sink;
    private int phases;

    Round(SinkProcess sink) {
        this.sink = sink;
    }

    /** Sends a load through a relay that runs. */
    Sample measure(Relay relay, Case load) throws IOException, InterruptedException {
        ProcessTree processes = relay.processes().orElseThrow();
        String phase = nextPhase();
        sink.expect(phase, load.messages());
        double cpuBefore = processes.cpuSeconds();
        long began = System.nanoTime();
        Load sending = new Load(relay.port(), load, phase);
        sending.run();
        long accepted = System.nanoTime();
        long delivered = sink.awaitAll(PATIENCE_SECONDS).orElseGet(System::nanoTime);
        rest(AFTERMATH_MILLIS);
        int[] have = sink.report();
        return new Sample(
                load.messages(),
                (accepted - began) / NANOS,
                (delivered - began) / NANOS,
                processes.cpuSeconds() - cpuBefore,
                processes.memory(),
                processes.mostResident(),
                Latency.of(sending.accepted(), sink.times()),
                load.messages() - have[0],
                have[1]);
    }

    /** Seconds from the start of a relay's process until its first message is at the sink. The relay runs afterwards. */
    double start(Relay relay) throws IOException, InterruptedException {
        String phase = nextPhase();
        sink.expect(phase, 1);
        long began = System.nanoTime();
        relay.start();
        sendFirst(relay, SinkList.recipient(phase, 0), began);
        Optional<Long> delivered = sink.awaitAll(PATIENCE_SECONDS);
        return (delivered.orElseThrow(() -> new IOException(relay.name() + " delivers nothing")) - began) / NANOS;
    }

    // One that starts may not listen yet, or ask to come back.
    private static void sendFirst(Relay relay, String recipient, long began) throws IOException {
        while (true) {
            try (LoadClient client = LoadClient.connect(relay.port(), 1024)) {
                client.send(recipient);
                return;
            } catch (IOException notYet) {
                boolean ended =
                        relay.processes().filter(tree -> tree.root().isAlive()).isEmpty();
                if (ended || System.nanoTime() - began > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
                    String how = ended ? " ended at its start; its log is below --folder" : " takes no mail";
                    throw new IOException(relay.name() + how, notYet);
                }
                rest(1);
            }
        }
    }

    private String nextPhase() {
        return "p" + phases++;
    }

    private static void rest(long millis) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
