// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.wire;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.postern.bench.Message;
import org.postern.core.smtp.Endpoint;
import org.postern.core.smtp.OutboundMessage;
import org.postern.core.smtp.SessionParameters;
import org.postern.core.smtp.SmtpConnection;
import org.postern.core.smtp.SmtpConnector;
import org.postern.core.smtp.SmtpFault;
import org.postern.core.smtp.SmtpTimeouts;
import org.postern.core.smtp.TlsPolicy;
import org.postern.core.smtp.WireTap;
import org.postern.peer.CertificateRequest;
import org.postern.peer.Extension;
import org.postern.peer.MailPeer;
import org.postern.peer.TestAuthority;
import org.postern.spi.mail.BodyType;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MailAddress;

/**
 * One message after another over one session, to a peer in the same process that counts and drops them. What is allocated
 * is that of this side's thread alone.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
@State(Scope.Thread)
public class TransactionBenchmark {

    /** How the content goes. */
    @Param({"DATA", "BDAT"})
    public String by;

    /** Octets of the content. */
    @Param({"4096", "32768"})
    public int octets;

    /** What the session is under. */
    @Param({"clear", "STARTTLS"})
    public String transport;

    private final SmtpConnector connector = new SmtpConnector();
    private Path authorityFile;
    private MailPeer peer;
    private SmtpConnection connection;
    private OutboundMessage message;

    /** Counts what the thread allocates in an operation. JMH adds the iterations up, so each gives its part of the mean. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Allocation {

        private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        private long before;
        private long operations;
        private int iterations;

        /** Begins an iteration. */
        @Setup(Level.Iteration)
        public void begin(IterationParams iteration, BenchmarkParams benchmark) {
            iterations = iteration.getCount() * Math.max(1, benchmark.getForks());
            operations = 0;
            before = threads.getCurrentThreadAllocatedBytes();
        }

        /** Octets for each operation. */
        public double allocated() {
            long octets = threads.getCurrentThreadAllocatedBytes() - before;
            return (double) octets / Math.max(1, operations) / iterations;
        }
    }

    /** Starts the peer and opens the session. */
    @Setup(Level.Trial)
    public void open() throws SmtpFault {
        boolean underTls = transport.equals("STARTTLS");
        TestAuthority authority = TestAuthority.create();
        MailPeer.Builder builder = MailPeer.builder().countOnly();
        try {
            authorityFile = authority.writeRootPem(Files.createTempFile("postern-bench-", ".pem"));
            if (by.equals("BDAT")) {
                builder.with(Extension.CHUNKING);
            }
            if (underTls) {
                builder.startTls(authority.issue(CertificateRequest.forNames("localhost")));
            }
            peer = builder.start();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        connection = connector.open(
                new SessionParameters(
                        new Endpoint("localhost", peer.address().getAddress(), peer.port(), false),
                        Optional.empty(),
                        "client.example.test",
                        new TlsPolicy(
                                underTls ? TlsPolicy.Level.REQUIRED : TlsPolicy.Level.NEVER,
                                TlsPolicy.Verification.HOST,
                                Optional.of(authorityFile),
                                TlsPolicy.Fallback.NONE),
                        false,
                        SmtpTimeouts.DEFAULTS),
                WireTap.NONE);
        Envelope envelope = new Envelope(
                Optional.of(MailAddress.parse("sender@customer.example")),
                List.of(MailAddress.parse("somebody@destination.example")),
                BodyType.SEVEN_BIT,
                false);
        message = new Message(envelope, content(octets));
    }

    /** Lines of text as they are in mail, with a dot here and there. */
    static byte[] content(int octets) {
        StringBuilder text = new StringBuilder("Subject: a message of a benchmark\r\n\r\n");
        for (int line = 0; text.length() < octets; line++) {
            text.append(line % 20 == 0 ? ".x" : "xx")
                    .append("x".repeat(40 + line * 7 % 36))
                    .append("\r\n");
        }
        text.setLength(octets - 2);
        return text.append("\r\n").toString().replace("\r\r\n", "x\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** Ends it. */
    @TearDown(Level.Trial)
    public void close() throws IOException {
        connection.quit();
        connector.close();
        peer.close();
        Files.deleteIfExists(authorityFile);
    }

    /** One message. */
    @Benchmark
    public void transaction(Allocation allocation) {
        if (!connection.send(message).isConfirmed()) {
            throw new IllegalStateException("not delivered");
        }
        allocation.operations++;
    }
}
