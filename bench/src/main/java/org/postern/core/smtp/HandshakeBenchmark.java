// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
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
import org.postern.peer.CertificateVariant;
import org.postern.peer.TestAuthority;

/**
 * Handshakes over loopback, one after the other, each with an octet from the peer. The peer's half is in the same process.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
@State(Scope.Thread)
public class HandshakeBenchmark {

    /** Whether the TLS session of the one before is resumed. */
    @Param({"full", "resumed"})
    public String handshake;

    /** The protocol that is offered. */
    @Param({"TLSv1.3", "TLSv1.2"})
    public String protocol;

    private final TlsContexts contexts = new TlsContexts();
    private Path authorityFile;
    private TlsPolicy policy;
    private SSLServerSocket server;
    private Endpoint endpoint;

    /** Starts the peer. */
    @Setup(Level.Trial)
    public void listen() {
        try {
            TestAuthority authority = TestAuthority.create();
            authorityFile = authority.writeRootPem(Files.createTempFile("postern-bench-", ".pem"));
            server = (SSLServerSocket) authority
                    .issue(CertificateVariant.GOOD)
                    .serverContext()
                    .getServerSocketFactory()
                    .createServerSocket(0, 10, InetAddress.getLoopbackAddress());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        endpoint = new Endpoint("localhost", InetAddress.getLoopbackAddress(), server.getLocalPort(), true);
        policy = new TlsPolicy(
                TlsPolicy.Level.REQUIRED,
                TlsPolicy.Verification.HOST,
                Optional.of(authorityFile),
                TlsPolicy.Fallback.NONE,
                new TlsOffer(protocol, "DEFAULT", Optional.empty()),
                Optional.empty());
        Thread.ofPlatform().daemon().start(this::serve);
    }

    private void serve() {
        while (!server.isClosed()) {
            try (SSLSocket socket = (SSLSocket) server.accept()) {
                socket.getOutputStream().write('x');
                socket.getInputStream().read();
            } catch (IOException ended) {
                // The next one, or the end.
            }
        }
    }

    /** Ends it. */
    @TearDown(Level.Trial)
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(authorityFile);
    }

    /** One handshake. */
    @Benchmark
    public void handshake() throws IOException, GeneralSecurityException {
        try (Socket below = new Socket(endpoint.address(), endpoint.port())) {
            TlsLayer layer = TlsLayer.over(below, endpoint, contexts.forPolicy(policy));
            if (layer.socket().getInputStream().read() != 'x') {
                throw new IllegalStateException("the peer has left");
            }
            if (handshake.equals("full")) {
                layer.socket().getSession().invalidate();
            }
            layer.socket().close();
        }
    }
}
