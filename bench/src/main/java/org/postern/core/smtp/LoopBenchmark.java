// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** The loops that touch every octet of a message or of a reply. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Thread)
public class LoopBenchmark {

    private static final int REPLIES = 3;
    private static final int OCTETS = 4096;
    private static final byte[] FLIGHT = "250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n250 2.0.0 Ok: queued as 4cJ2Yz1w8kz9sPn\r\n"
            .getBytes(StandardCharsets.US_ASCII);

    private final byte[] content = content();
    private final byte[] wire = new byte[2 * OCTETS];

    private static byte[] content() {
        StringBuilder text = new StringBuilder();
        for (int line = 0; text.length() < OCTETS; line++) {
            text.append("x".repeat(42 + line * 7 % 36)).append("\r\n");
        }
        text.setLength(OCTETS - 4);
        return text.append("xx\r\n").toString().replace("\rxx", "xxx").getBytes(StandardCharsets.US_ASCII);
    }

    /** One reply of a flight of three. */
    @Benchmark
    @OperationsPerInvocation(REPLIES)
    public void reply(Blackhole hole) throws IOException {
        ReplyParser parser = new ReplyParser(new ByteArrayInputStream(FLIGHT));
        for (int i = 0; i < REPLIES; i++) {
            hole.consume(parser.read(ReplyLimits.ORDINARY));
        }
    }

    /** 4 KiB of content for DATA. */
    @Benchmark
    public int stuffing() {
        return new DotStuffing().encode(content, 0, content.length, wire, 0);
    }

    /** The look at 4 KiB of content for BDAT. */
    @Benchmark
    public boolean chunkCheck() {
        return ChunkCheck.passes(content, 0, content.length);
    }
}
