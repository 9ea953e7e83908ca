// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Counts operations per second of processor time rather than of the clock, so that a busy machine does not make the code
 * look slow. {@code ./dev jmh scope -prof org.postern.bench.CpuTime}
 */
public final class CpuTime implements InternalProfiler {

    private static final double NANOS = 1e9;

    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private long before;

    @Override
    public String getDescription() {
        return "operations per second of processor time, that of the collector and the compiler included";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        before = system.getProcessCpuTime();
    }

    // The interface has a raw type.
    @Override
    @SuppressWarnings("rawtypes")
    public Collection<? extends Result> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        double seconds = (system.getProcessCpuTime() - before) / NANOS;
        long operations = result.getMetadata().getAllOps();
        return List.of(
                new ScalarResult("cpu", operations / seconds, "ops/cpu-s", AggregationPolicy.AVG),
                new ScalarResult("cpu.time", 1000 * seconds / operations, "cpu-ms/op", AggregationPolicy.AVG));
    }
}
