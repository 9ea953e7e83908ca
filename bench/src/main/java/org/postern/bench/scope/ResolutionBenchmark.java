// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.scope;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import org.postern.core.scope.OutboundSettings;
import org.postern.core.scope.Resolution;
import org.postern.core.scope.ScopeResolver;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.RoutingDomain;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingsSnapshot;

/**
 * Every option of the engine for one message, on one thread, with 10,000 Domains, 1,000 bindings and 100 patterns loaded.
 * What is warm differs: nothing of the domain, nothing of the pair, or all. The collector is the one that the start script
 * asks for.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "-XX:+UseSerialGC")
@State(Scope.Thread)
public class ResolutionBenchmark {

    private static final int PAIRS = 1 << 20;
    private static final int KNOWN_PAIRS = 1 << 13;
    private static final int DOMAINS = 10_000;
    private static final List<Setting<?>> OPTIONS = OutboundSettings.all();

    private final ScopeResolver resolver = new ScopeResolver();
    private final Binding[] bindings = new Binding[LargeFile.BINDINGS];
    private final RoutingDomain[] domains = new RoutingDomain[DOMAINS];
    private final int[] bindingOfPair = new int[PAIRS];
    private final int[] domainOfPair = new int[PAIRS];
    private SettingsSnapshot snapshot;
    private int next;

    /** Draws pairs at random, and asks for each binding and domain by other objects than those that will ask. */
    @Setup
    public void draw() {
        snapshot = LargeFile.write(DOMAINS).read().snapshot();
        Arrays.setAll(bindings, LargeFile::binding);
        Arrays.setAll(domains, LargeFile::domain);
        for (int i = 0; i < DOMAINS; i++) {
            resolver.resolve(snapshot, LargeFile.binding(i % LargeFile.BINDINGS), LargeFile.domain(i));
        }
        Random random = new Random(1);
        Arrays.setAll(bindingOfPair, pair -> random.nextInt(LargeFile.BINDINGS));
        Arrays.setAll(domainOfPair, pair -> random.nextInt(DOMAINS));
    }

    /** A pair out of ten million, so that it is almost always a new one; binding and domain have been seen. */
    @Benchmark
    public void pairDrawnAtRandom(Blackhole sink) {
        int pair = next++ & PAIRS - 1;
        all(resolver.resolve(snapshot, bindings[bindingOfPair[pair]], domains[domainOfPair[pair]]), sink);
    }

    /** One of 8,192 pairs that have been seen. */
    @Benchmark
    public void pairSeenBefore(Blackhole sink) {
        int pair = next++ & KNOWN_PAIRS - 1;
        all(resolver.resolve(snapshot, bindings[bindingOfPair[pair]], domains[domainOfPair[pair]]), sink);
    }

    /** A domain that was never seen and that no stanza names, so that all patterns are tried. */
    @Benchmark
    public void domainNeverSeen(Blackhole sink) {
        int number = next++ & Integer.MAX_VALUE;
        RoutingDomain domain = new RoutingDomain("host" + number + ".elsewhere.example");
        all(resolver.resolve(snapshot, bindings[number % LargeFile.BINDINGS], domain), sink);
    }

    private static void all(Resolution resolution, Blackhole sink) {
        for (Setting<?> option : OPTIONS) {
            sink.consume(resolution.get(option));
        }
    }
}
