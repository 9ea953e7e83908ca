// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.scope;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import org.postern.config.store.meaning.Loaded;
import org.postern.core.scope.ScopeResolver;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.RoutingDomain;

/** Reading a large configuration, comparing it with the one in force, and the first question to it. */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5)
@Measurement(iterations = 10)
@Fork(1)
@State(Scope.Thread)
public class ReloadBenchmark {

    /** {@code Domain} stanzas in the file. */
    @Param({"10000", "100000"})
    public int domains;

    private final ScopeResolver resolver = new ScopeResolver();
    private LargeFile file;
    private Loaded inForce;

    /** Puts a first one in force. */
    @Setup
    public void write() {
        file = LargeFile.write(domains);
        inForce = file.read();
    }

    /** All that a reload does but the bundles' part of it. */
    @Benchmark
    public void reload(Blackhole sink) {
        Loaded next = file.read();
        sink.consume(next.changesSince(Optional.of(inForce)));
        sink.consume(resolver.resolve(next.snapshot(), Binding.DEFAULT, new RoutingDomain("customer1.example")));
        inForce = next;
    }
}
