// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.postern.core.outcome.FailurePolicy;
import org.postern.core.smtp.SmtpFault.Kind;
import org.postern.peer.CertificateVariant;
import org.postern.peer.MailPeer;
import org.postern.peer.ServerCertificate;
import org.postern.peer.TestAuthority;
import org.postern.spi.mail.DeliveryOutcome.Deferred;
import org.postern.spi.mail.DeliveryStage;

/** A handshake with a real server that ends, breaks or stands still after so many octets of the server's. */
class CutHandshakeTest {

    private static final TestAuthority AUTHORITY = TestAuthority.create();

    /** Within the head of the first record, at its end, in the middle of the hello, at its end, and in the certificate. */
    private static final int[] OCTETS = {0, 1, 4, 5, 6, 60, 127, 128, 400};

    private static ServerCertificate certificate;

    @TempDir
    static Path folder;

    private static Path caFile;
    private static SmtpConnector connector;

    @BeforeAll
    static void opens() throws IOException {
        caFile = AUTHORITY.writeRootPem(folder.resolve("ca.pem"));
        certificate = AUTHORITY.issue(CertificateVariant.GOOD);
        connector = new SmtpConnector();
    }

    @AfterAll
    static void closes() {
        connector.close();
    }

    private enum End {
        CLOSED,
        RESET,
        STILL
    }

    @TestFactory
    Stream<DynamicTest> c1_03_defersMailWhereverAHandshakeEndsAndNeverGoesOnInClear() {
        return Stream.of(true, false)
                .flatMap(implicit -> IntStream.of(OCTETS)
                        .boxed()
                        .flatMap(octets -> Arrays.stream(End.values())
                                .map(end -> DynamicTest.dynamicTest(
                                        (implicit ? "implicit " : "upgraded ") + end + " after " + octets,
                                        () -> meet(implicit, octets, end)))));
    }

    private static void meet(boolean implicit, int octets, End end) throws Exception {
        try (MailPeer peer = peer(implicit);
                CutLine line = new CutLine(peer.port(), implicit, octets, end)) {
            SmtpFault fault = fault(line.port(), implicit, end);
            assertThat(fault.stage()).isEqualTo(DeliveryStage.TLS_HANDSHAKE);
            assertThat(fault.kind()).isEqualTo(end == End.STILL ? Kind.TIMEOUT : Kind.TLS_FAILED);
            assertThat(new FailurePolicy().session(fault).outcome())
                    .isEqualTo(new Deferred(DeliveryStage.TLS_HANDSHAKE, fault.getMessage(), Optional.empty(), false));
            assertThat(peer.messageCount()).isZero();
            assertThat(peer.connections()).isEqualTo(1);
        }
    }

    private static MailPeer peer(boolean implicit) throws IOException {
        MailPeer.Builder builder = MailPeer.builder();
        return (implicit ? builder.implicitTls(certificate) : builder.startTls(certificate)).start();
    }

    private static SmtpFault fault(int port, boolean implicit, End end) {
        Given given = Given.of("tls=required verification=host" + (implicit ? " implicit=yes" : "")
                + (end == End.STILL ? " timeout=startTls:300ms" : ""));
        try (SmtpConnection connection = connector.open(given.parameters(port, caFile), WireTap.NONE)) {
            throw new AssertionError("there is a session: " + connection.tls());
        } catch (SmtpFault fault) {
            return fault;
        }
    }

    /** A line to the server that passes on so many octets of the handshake and then no more. */
    private static final class CutLine implements AutoCloseable {

        private static final byte[] GO_AHEAD = "220 ".getBytes(StandardCharsets.US_ASCII);

        private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final boolean implicit;
        private final int octets;
        private final End end;
        private final Socket server;

        CutLine(int port, boolean implicit, int octets, End end) throws IOException {
            this.implicit = implicit;
            this.octets = octets;
            this.end = end;
            this.server = new Socket(InetAddress.getLoopbackAddress(), port);
            Thread.ofVirtual().name("cut-line").start(this::serve);
        }

        int port() {
            return listener.getLocalPort();
        }

        private void serve() {
            try (Socket client = listener.accept()) {
                Thread up = Thread.ofVirtual().name("cut-line-up").start(() -> pass(client, server));
                InputStream in = server.getInputStream();
                OutputStream out = client.getOutputStream();
                if (!implicit) {
                    passClearLines(in, out);
                }
                // The server has heard the client by then, so that the client is connected.
                byte[] answer = in.readNBytes(Math.max(1, octets));
                out.write(answer, 0, octets);
                finish(client);
                up.join();
            } catch (IOException gone) {
                // The client sees it too, and that is what is looked at.
            } catch (InterruptedException unexpected) {
                Thread.currentThread().interrupt();
            }
        }

        /** Greeting, the answer to EHLO and that to STARTTLS. */
        private static void passClearLines(InputStream in, OutputStream out) throws IOException {
            int replies = 0;
            while (replies < 3) {
                byte[] line = line(in);
                out.write(line);
                replies += line[3] == ' ' ? 1 : 0;
            }
        }

        private static byte[] line(InputStream in) throws IOException {
            StringBuilder line = new StringBuilder();
            while (line.isEmpty() || line.charAt(line.length() - 1) != '\n') {
                line.append((char) in.read());
            }
            return line.toString().getBytes(StandardCharsets.US_ASCII);
        }

        private void finish(Socket client) throws IOException {
            switch (end) {
                case CLOSED -> client.shutdownOutput();
                case RESET -> {
                    client.setSoLinger(true, 0);
                    client.close();
                }
                case STILL -> {
                    // The client has to have had enough by itself.
                }
            }
        }

        private static void pass(Socket from, Socket to) {
            try {
                from.getInputStream().transferTo(to.getOutputStream());
            } catch (IOException ended) {
                // As it should.
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
            listener.close();
        }
    }
}
