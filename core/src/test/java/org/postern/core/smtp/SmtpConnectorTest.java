// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ProtocolFamily;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postern.core.outcome.FailurePolicy;
import org.postern.core.smtp.SmtpFault.Kind;
import org.postern.peer.MailPeer;
import org.postern.peer.ScriptedPeer;
import org.postern.spi.mail.DeliveryOutcome.Deferred;
import org.postern.spi.mail.DeliveryStage;

class SmtpConnectorTest {

    private static SessionParameters to(int port) {
        return Given.of("").parameters(port, Path.of("unused"));
    }

    @Test
    @DisplayName("C1-25: a refused connection is a fact with the endpoint in it")
    void saysWhereNobodyListens() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        try (SmtpConnector connector = new SmtpConnector()) {
            assertThatThrownBy(() -> connector.open(to(free), WireTap.NONE))
                    .isInstanceOfSatisfying(SmtpFault.class, fault -> {
                        assertThat(fault.kind()).isEqualTo(Kind.CONNECT_FAILED);
                        assertThat(fault.stage()).isEqualTo(DeliveryStage.NOT_CONNECTED);
                        assertThat(fault).hasMessageContaining("localhost[127.0.0.1]:" + free);
                    });
        }
    }

    @Test
    void connectsFromTheDemandedAddress() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                SmtpConnector connector = new SmtpConnector()) {
            SessionParameters plain = to(server.getLocalPort());
            InetAddress source = InetAddress.getByName("127.0.0.2");
            SessionParameters bound = new SessionParameters(
                    plain.endpoint(),
                    Optional.of(source),
                    plain.ehloName(),
                    plain.tls(),
                    false,
                    SmtpTimeouts.all(Duration.ofMillis(200)));
            CompletableFuture<InetAddress> seen = CompletableFuture.supplyAsync(() -> peerOf(server));
            assertThatThrownBy(() -> connector.open(bound, WireTap.NONE)).isInstanceOf(SmtpFault.class);
            assertThat(seen.get(10, TimeUnit.SECONDS)).isEqualTo(source);
        }
    }

    private static InetAddress peerOf(ServerSocket server) {
        try (java.net.Socket socket = server.accept()) {
            return socket.getInetAddress();
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    @DisplayName("C1-25: a connection attempt that nobody answers has a limit")
    void waitsNoLongerThanItMayForAConnection() throws Exception {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                SmtpConnector connector = new SmtpConnector()) {
            SessionParameters plain = to(full.getLocalPort());
            SessionParameters impatient = new SessionParameters(
                    plain.endpoint(),
                    Optional.empty(),
                    plain.ehloName(),
                    plain.tls(),
                    false,
                    Given.shortened("connect", Duration.ofMillis(200)));
            List<Socket> waiting = new ArrayList<>();
            try {
                fill(full, waiting);
                assertThatThrownBy(() -> connector.open(impatient, WireTap.NONE))
                        .isInstanceOfSatisfying(SmtpFault.class, fault -> {
                            assertThat(fault.kind()).isEqualTo(Kind.CONNECT_FAILED);
                            assertThat(fault.stage()).isEqualTo(DeliveryStage.NOT_CONNECTED);
                            assertThat(deferred(fault)).isTrue();
                        });
            } finally {
                for (Socket socket : waiting) {
                    socket.close();
                }
            }
        }
    }

    // Nobody accepts: once the backlog is full, the kernel answers no further SYN.
    private static void fill(ServerSocket server, List<Socket> waiting) throws IOException {
        boolean room = true;
        while (room) {
            Socket socket = new Socket();
            waiting.add(socket);
            try {
                socket.connect(server.getLocalSocketAddress(), 200);
            } catch (SocketTimeoutException full) {
                room = false;
            }
        }
    }

    private static boolean deferred(SmtpFault fault) {
        return new FailurePolicy().session(fault).outcome() instanceof Deferred outcome && !outcome.possibleDuplicate();
    }

    @Test
    @DisplayName("C1-26: without a descriptor left there is no connection, and mail waits")
    void saysThatThereIsNoDescriptorLeft() throws Exception {
        try (SmtpConnector connector = new SmtpConnector(new NoDescriptors(), Watchdog.start(), Duration.ofMillis(5))) {
            assertThatThrownBy(() -> connector.open(to(25), WireTap.NONE))
                    .isInstanceOfSatisfying(SmtpFault.class, fault -> {
                        assertThat(fault.kind()).isEqualTo(Kind.CONNECT_FAILED);
                        assertThat(fault).hasMessageContaining("Too many open files");
                        assertThat(deferred(fault)).isTrue();
                    });
        }
    }

    /** The machine's network where all descriptors are taken. */
    private static final class NoDescriptors extends SelectorProvider {

        private static IOException taken() {
            return new SocketException("Too many open files");
        }

        @Override
        public SocketChannel openSocketChannel() throws IOException {
            throw taken();
        }

        @Override
        public ServerSocketChannel openServerSocketChannel() throws IOException {
            throw taken();
        }

        @Override
        public DatagramChannel openDatagramChannel() throws IOException {
            throw taken();
        }

        @Override
        public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
            throw taken();
        }

        @Override
        public Pipe openPipe() throws IOException {
            throw taken();
        }

        @Override
        public AbstractSelector openSelector() throws IOException {
            throw taken();
        }
    }

    @Test
    @DisplayName("C1-27: a source address that this machine has no longer makes mail wait")
    void saysThatAnAddressIsNotOurs() throws Exception {
        try (SmtpConnector connector = new SmtpConnector()) {
            SessionParameters plain = to(25);
            SessionParameters foreign = new SessionParameters(
                    plain.endpoint(),
                    Optional.of(InetAddress.getByName("192.0.2.1")),
                    plain.ehloName(),
                    plain.tls(),
                    false,
                    plain.timeouts());
            assertThatThrownBy(() -> connector.open(foreign, WireTap.NONE))
                    .isInstanceOfSatisfying(SmtpFault.class, fault -> {
                        assertThat(fault.kind()).isEqualTo(Kind.CONNECT_FAILED);
                        assertThat(deferred(fault)).isTrue();
                    });
        }
    }

    @Test
    void cutsSessionsAndEndsItsThreadWhenClosed() throws Exception {
        try (ScriptedPeer peer = ScriptedPeer.playText("silent", "wait\n")) {
            SmtpConnector connector = new SmtpConnector();
            CompletableFuture<Throwable> end = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try {
                    connector.open(to(peer.port()), WireTap.NONE);
                } catch (SmtpFault fault) {
                    end.complete(fault);
                }
            });
            Awaitility.await().until(() -> peer.connections() == 1);
            assertThat(end).isNotDone();
            connector.close();
            assertThat(end.get(5, TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(
                            SmtpFault.class, fault -> assertThat(fault.kind()).isEqualTo(Kind.CONNECTION_LOST));
        }
        Awaitility.await()
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("postern-smtp-deadlines")));
    }

    @Test
    void runsManySessionsAtOnceOnVirtualThreads() throws Exception {
        try (MailPeer peer = MailPeer.builder().start();
                SmtpConnector connector = new SmtpConnector();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> sessions = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                sessions.add(threads.submit(() -> deliverThree(connector, peer.port())));
            }
            for (Future<Boolean> session : sessions) {
                assertThat(session.get(30, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(peer.messageCount()).isEqualTo(150);
            assertThat(peer.connections()).isEqualTo(50);
        }
    }

    private static boolean deliverThree(SmtpConnector connector, int port) throws SmtpFault {
        try (SmtpConnection connection = connector.open(to(port), WireTap.NONE)) {
            boolean all = true;
            for (int i = 0; i < 3; i++) {
                all &= connection.isUsable()
                        && connection.send(TestMessage.to("one@example.test")).isConfirmed();
            }
            connection.quit();
            return all;
        }
    }

    @Test
    void deliversToManyRecipientsInSeveralFlights() throws Exception {
        String[] recipients = new String[1234];
        for (int i = 0; i < recipients.length; i++) {
            recipients[i] = "recipient-" + i + "@example.test";
        }
        try (MailPeer peer = MailPeer.builder().start();
                SmtpConnector connector = new SmtpConnector();
                SmtpConnection connection = connector.open(to(peer.port()), WireTap.NONE)) {
            TransactionResult result = connection.send(TestMessage.to(recipients));
            assertThat(result.isConfirmed()).isTrue();
            assertThat(result.recipients()).hasSize(1234).allMatch(RecipientReply::isAccepted);
            assertThat(peer.messages().getFirst().recipients()).containsExactly(recipients);
        }
    }

    @Test
    void deliversLargeAndOddContentOctetForOctet() throws Exception {
        byte[] large =
                ("." + "x".repeat(77) + "\r\n").repeat(200_000).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        byte[] nuls = new byte[] {0, '\r', '\n', (byte) 0xFF, '.', '\r', '\n', '.', '\r', '\n'};
        try (MailPeer peer = MailPeer.builder().start();
                SmtpConnector connector = new SmtpConnector();
                SmtpConnection connection = connector.open(to(peer.port()), WireTap.NONE)) {
            TestMessage message = TestMessage.to("one@example.test");
            for (byte[] content : List.of(large, nuls, new byte[0], new byte[] {'.', '\r', '\n'})) {
                assertThat(connection.send(message.with(content)).isConfirmed()).isTrue();
            }
            assertThat(peer.messages().stream()
                            .map(received -> received.content().length)
                            .toList())
                    .containsExactly(large.length, nuls.length, 0, 3);
            assertThat(peer.messages().get(0).content()).isEqualTo(large);
            assertThat(peer.messages().get(1).content()).isEqualTo(nuls);
        }
    }

    @Test
    void isOfNoUseOnceClosedAndSaysSo() throws Exception {
        try (MailPeer peer = MailPeer.builder().start();
                SmtpConnector connector = new SmtpConnector()) {
            SmtpConnection connection = connector.open(to(peer.port()), WireTap.NONE);
            connection.quit();
            assertThat(connection.isUsable()).isFalse();
            TransactionResult result = connection.send(TestMessage.to("one@example.test"));
            assertThat(result.fault()).isPresent();
            assertThat(result.isPossibleDuplicate()).isFalse();
            assertThatThrownBy(connection::reset).isInstanceOf(SmtpFault.class);
            connection.quit();
            connection.close();
        }
    }
}
