// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.core.outcome.FailurePolicy;
import org.postern.peer.ScriptedPeer;
import org.postern.peer.TestAuthority;
import org.postern.spi.mail.DeliveryOutcome;
import org.postern.spi.mail.DeliveryStage;
import org.postern.spi.mail.Envelope;

/** Replies that are here, in a record of their own and not decrypted yet, before what they seem to answer is said. */
class UnaskedUnderTlsTest {

    private static final TestAuthority AUTHORITY = TestAuthority.create();
    private static final String UP_TO_DATA = """
            tls good
            S: 220 mx
            C: EHLO *
            S: 250 mx
            C: MAIL FROM:*
            S: 250 ok
            C: RCPT TO:*
            S: 250 ok
            C: DATA
            S: 354 go
            """;

    @TempDir
    static Path folder;

    private static Path caFile;

    private final FailurePolicy policy = new FailurePolicy();
    private final Watched network = new Watched();

    @BeforeAll
    static void writesAuthority() throws IOException {
        caFile = AUTHORITY.writeRootPem(folder.resolve("ca.pem"));
    }

    @ParameterizedTest(name = "C1-11: {0}")
    @ValueSource(strings = {"250 2.0.0 and more", "421 4.4.2 idle", "451 4.3.0 not now", "554 5.7.0 enough of you"})
    void takesNoReplyThatCameUnaskedForTheAnswerToMail(String said) throws Exception {
        String dialogue = UP_TO_DATA + "C: <content>\nS: 250 taken\nS: " + said + "\nwait\n";
        try (ScriptedPeer peer = ScriptedPeer.playText("idle", dialogue, AUTHORITY, Duration.ofSeconds(30));
                SmtpConnector connector = new SmtpConnector(network, Watchdog.start(), Duration.ofMillis(5))) {
            try (SmtpConnection connection = open(connector, peer)) {
                assertThat(connection.send(TestMessage.to("one@example.test")).isConfirmed())
                        .isTrue();
                network.awaitOctets();
                TransactionResult next = connection.send(TestMessage.to("two@example.test"));
                assertThat(policy.isForAnotherSession(next, true)).isTrue();
            }
            peer.verify();
        }
    }

    @ParameterizedTest(name = "C1-08: {0}")
    @CsvSource({
        "250 2.0.0 taken already, Deferred, PROTOCOL_ERROR",
        "451 4.3.0 not now, Deferred, REFUSED",
        "552 5.3.4 too big, Failed, REFUSED"
    })
    void takesNoReplyThatCameBeforeTheEndForTheAnswerToIt(String said, String outcome, SmtpFault.Kind kind)
            throws Exception {
        String dialogue = UP_TO_DATA + "S: " + said + "\nwait\n";
        try (ScriptedPeer peer = ScriptedPeer.playText("body", dialogue, AUTHORITY, Duration.ofSeconds(30));
                SmtpConnector connector = new SmtpConnector(network, Watchdog.start(), Duration.ofMillis(5))) {
            try (SmtpConnection connection = open(connector, peer)) {
                TransactionResult result = connection.send(afterTheReply(TestMessage.to("one@example.test")));
                assertThat(result.fault()).hasValueSatisfying(fault -> {
                    assertThat(fault.kind()).isEqualTo(kind);
                    assertThat(fault.stage()).isEqualTo(DeliveryStage.BODY);
                });
                assertThat(policy.transaction(result, false)).singleElement().satisfies(judged -> {
                    assertThat(judged.getClass().getSimpleName()).isEqualTo(outcome);
                    assertThat(judged instanceof DeliveryOutcome.Deferred deferred && deferred.possibleDuplicate())
                            .isFalse();
                });
            }
            peer.verify();
        }
    }

    private static SmtpConnection open(SmtpConnector connector, ScriptedPeer peer) throws SmtpFault {
        Given given = Given.of("tls=required verification=host implicit=yes");
        return connector.open(given.parameters(peer.port(), caFile), WireTap.NONE);
    }

    /** The message, whose content is not to be had before the peer has been heard from. */
    private OutboundMessage afterTheReply(TestMessage message) {
        byte[] content = ("x".repeat(78) + "\r\n").repeat(1_000).getBytes(StandardCharsets.US_ASCII);
        return new OutboundMessage() {
            @Override
            public Envelope envelope() {
                return message.envelope();
            }

            @Override
            public long size() {
                return content.length;
            }

            @Override
            public boolean mayBeChunked() {
                return false;
            }

            @Override
            public InputStream openContent() {
                return new FilterInputStream(new ByteArrayInputStream(content)) {
                    private boolean begun;

                    @Override
                    public int read(byte[] into, int at, int most) throws IOException {
                        if (!begun) {
                            network.awaitOctets();
                            begun = true;
                        }
                        return super.read(into, at, most);
                    }
                };
            }
        };
    }

    /** The machine's network, and what has arrived over its only connection and was not taken from it. */
    private static final class Watched extends SelectorProvider {

        private final SelectorProvider machine = SelectorProvider.provider();
        private volatile SocketChannel channel;

        void awaitOctets() {
            Callable<Boolean> arrived = () -> channel.socket().getInputStream().available() > 0;
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(2))
                    .until(arrived);
        }

        @Override
        public SocketChannel openSocketChannel() throws IOException {
            channel = machine.openSocketChannel();
            return channel;
        }

        @Override
        public ServerSocketChannel openServerSocketChannel() throws IOException {
            return machine.openServerSocketChannel();
        }

        @Override
        public DatagramChannel openDatagramChannel() throws IOException {
            return machine.openDatagramChannel();
        }

        @Override
        public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
            return machine.openDatagramChannel(family);
        }

        @Override
        public Pipe openPipe() throws IOException {
            return machine.openPipe();
        }

        @Override
        public AbstractSelector openSelector() throws IOException {
            return machine.openSelector();
        }
    }
}
