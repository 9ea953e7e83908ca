// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.store;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.runner.IterationType;
import org.postern.bench.MeanRatio;

/**
 * What mail loses that does not need a store, while the store hangs. Each iteration is a pair of stretches of steady load,
 * one beside a store that hangs and one beside the same mail suspended, in turns the one and the other first: short ones
 * and many, since a machine's own pace changes by more than what is looked for. In the middle of the first kind all that is held
 * is tried once more, which comes about once in ten seconds where a store hangs for long. Of
 * all pairs it prints how many times as many messages were delivered beside the store that hangs: by the clock, and for the
 * same processor time. The time that JMH prints is that of a pair, and says nothing.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 40)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx1g"})
@State(Scope.Thread)
public class HangingStoreBenchmark {

    private static final long SETTLE_MILLIS = 500;

    /** What the store does when it is interrupted; with {@code never hangs}, which shows the noise, neither stretch has it. */
    @Param({"never hangs", "stops", "goes on"})
    public String interrupted;

    /** How long each stretch is. */
    @Param("2")
    public int seconds;

    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final List<Double> byClock = new ArrayList<>();
    private final List<Double> byProcessor = new ArrayList<>();
    private HangingRelay relay;
    private boolean hangingFirst;
    private boolean counts;

    private record Rate(double perSecond, double perProcessorSecond) {}

    /** Starts the engine and its load. */
    @Setup(Level.Trial)
    public void start() throws IOException {
        relay = new HangingRelay(new HangingStore(interrupted.equals("goes on")));
    }

    /** Tells the warm-up from the rest. */
    @Setup(Level.Iteration)
    public void next(IterationParams iteration) {
        counts = iteration.getType() == IterationType.MEASUREMENT;
    }

    /** One pair. */
    @Benchmark
    public void pair() throws InterruptedException {
        hangingFirst = !hangingFirst;
        Rate first = stretch(hangingFirst);
        Rate second = stretch(!hangingFirst);
        Rate hanging = hangingFirst ? first : second;
        Rate resting = hangingFirst ? second : first;
        if (counts) {
            byClock.add(hanging.perSecond() / resting.perSecond());
            byProcessor.add(hanging.perProcessorSecond() / resting.perProcessorSecond());
        }
        System.out.printf(Locale.ROOT, "%.0f/s beside it, %.0f/s without; ", hanging.perSecond(), resting.perSecond());
    }

    private Rate stretch(boolean hanging) throws InterruptedException {
        relay.rest();
        boolean hangs = hanging && !interrupted.equals("never hangs");
        if (hangs) {
            relay.hang();
        }
        // Either way the settings are new, and so are the sessions: that is no matter of the store's.
        TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
        long cpu = system.getProcessCpuTime();
        long before = relay.delivered();
        long start = System.nanoTime();
        long half = TimeUnit.SECONDS.toNanos(seconds) / 2;
        TimeUnit.NANOSECONDS.sleep(half);
        if (hangs) {
            relay.tryAgain();
        }
        TimeUnit.NANOSECONDS.sleep(start + 2 * half - System.nanoTime());
        double elapsed = System.nanoTime() - start;
        double messages = (relay.delivered() - before) * 1e9;
        Rate rate = new Rate(messages / elapsed, messages / (system.getProcessCpuTime() - cpu));
        relay.rest();
        return rate;
    }

    /** Ends the engine and says what came of it. */
    @TearDown(Level.Trial)
    public void stop() throws IOException {
        relay.close();
        print("by the clock", MeanRatio.of(byClock));
        print("for the same processor time", MeanRatio.of(byProcessor));
    }

    private void print(String what, MeanRatio ratio) {
        System.out.printf(
                Locale.ROOT,
                "%ninterrupted: %s; delivered beside it to delivered without, %s: %.3f, between %.3f and %.3f (%d pairs)",
                interrupted,
                what,
                ratio.mean(),
                ratio.least(),
                ratio.most(),
                byClock.size());
    }
}
