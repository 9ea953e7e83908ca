// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.waiting;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Both choices of {@code Keep_Message_Dicts_In_Memory}. Messages whose contexts have ten variables and 4 kB are accepted and
 * have to wait; that is the heap that is counted. Then all are let go, and the time until the peer has them is measured. The
 * whole engine is in it, with the spool on the disk and a peer over sockets.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 6)
@Measurement(iterations = 6)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx1g"})
@State(Scope.Thread)
public class ContextBenchmark {

    private static final int MESSAGES = 4_000;
    private static final int VARIABLES = 10;
    private static final int OCTETS = 4_096;

    /** The setting. */
    @Param({"false", "true"})
    public boolean inMemory;

    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private WaitingRelay relay;
    private long heap;

    // What was delivered last may not be put away yet, so that the least of all counts.
    private long empty = Long.MAX_VALUE;

    /** What JMH prints beside the time of each iteration; at the end it has the sums of all. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class PerMessage {

        /** Octets of heap that it holds while it waits. */
        public long heapOctets;

        /** Processor time of its delivery, the peer's half included. */
        public long cpuMicros;
    }

    /** Starts the engine. */
    @Setup(Level.Trial)
    public void start() throws IOException {
        relay = WaitingRelay.start(inMemory);
    }

    /** Fills the queue. */
    @Setup(Level.Iteration)
    public void fill() throws IOException, InterruptedException {
        relay.suspend(true);
        empty = Math.min(empty, used());
        for (int i = 0; i < MESSAGES; i++) {
            relay.submit(context(i));
        }
        relay.awaitWaiting(MESSAGES);
        heap = (used() - empty) / MESSAGES;
    }

    private static Map<String, String> context(int message) {
        return IntStream.range(0, VARIABLES)
                .boxed()
                .collect(Collectors.toMap(
                        number -> "variable" + number,
                        number -> (message + " " + number + " ").repeat(OCTETS).substring(0, OCTETS / VARIABLES)));
    }

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** Delivers what waits. */
    @Benchmark
    public void deliver(PerMessage message) throws InterruptedException {
        long before = system.getProcessCpuTime();
        relay.suspend(false);
        relay.awaitDelivered(MESSAGES);
        message.cpuMicros = (system.getProcessCpuTime() - before) / 1_000 / MESSAGES;
        message.heapOctets = heap;
    }

    /** Ends the engine. */
    @TearDown(Level.Trial)
    public void stop() throws IOException {
        relay.close();
    }
}
