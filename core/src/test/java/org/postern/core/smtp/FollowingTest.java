// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.channels.spi.SelectorProvider;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postern.core.outcome.FailurePolicy;
import org.postern.core.smtp.SmtpFault.Kind;
import org.postern.peer.ScriptedPeer;
import org.postern.peer.TestAuthority;
import org.postern.spi.mail.DeliveryStage;
import org.postern.spi.mail.Envelope;

/** A message that is sent while the last replies to another one are on their way. */
@Timeout(60)
class FollowingTest {

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final String HELLO = """
            S: 220 mx
            C: *
            S: 250-mx
            S: 250-PIPELINING
            S: 250 CHUNKING
            """;
    private static final String HELLO_WITHOUT_CHUNKING = """
            S: 220 mx
            C: *
            S: 250-mx
            S: 250 PIPELINING
            """;
    private static final String FLIGHT = """
            C: MAIL FROM:<sender@example.test>
            C: RCPT TO:<one@example.test>
            C: BDAT 50 LAST
            C: <octets 50>
            """;
    private static final String TAKEN = """
            S: 250 ok
            S: 250 ok
            S: 250 taken
            """;
    private static final String RESET = "S: 250 forgotten\n";
    private static final String BY_DATA = """
            C: MAIL FROM:<sender@example.test>
            C: RCPT TO:<one@example.test>
            C: DATA
            """;
    private static final String GO = """
            S: 250 ok
            S: 250 ok
            S: 354 go
            C: <content>
            """;
    private static final String END = """
            C: QUIT
            S: 221 bye
            """;

    private static final String GOODBYE = "S: 421 4.3.2 going down\nclose\n";

    @TempDir
    Path folder;

    private final TestAuthority authority = TestAuthority.create();
    private SmtpConnector connector = connector(Duration.ZERO);
    private TlsPolicy.Level level = TlsPolicy.Level.NEVER;
    private boolean implicit;
    private final TestMessage message = TestMessage.to("one@example.test");

    private static SmtpConnector connector(Duration far) {
        return new SmtpConnector(SelectorProvider.provider(), Watchdog.start(), far);
    }

    @AfterEach
    void closeConnector() {
        connector.close();
    }

    private ScriptedPeer peer(String dialogue) throws Exception {
        return ScriptedPeer.playText("following", dialogue, authority, PATIENCE);
    }

    private SmtpConnection open(ScriptedPeer peer) throws Exception {
        return connector.open(
                new SessionParameters(
                        new Endpoint("localhost", InetAddress.getLoopbackAddress(), peer.port(), implicit),
                        Optional.empty(),
                        "client.test",
                        new TlsPolicy(
                                level,
                                TlsPolicy.Verification.HOST,
                                Optional.of(authority.writeRootPem(folder.resolve("ca.pem"))),
                                TlsPolicy.Fallback.NONE),
                        false,
                        SmtpTimeouts.all(PATIENCE),
                        Protocol.ESMTP),
                WireTap.NONE);
    }

    /** Sends one message, and then as many in a convoy. */
    private List<TransactionResult> convoy(SmtpConnection connection, int messages) {
        List<TransactionResult> results = new ArrayList<>();
        results.add(connection.send(message));
        results.add(connection.send(message, () -> begin(connection)));
        for (int left = messages - 1; left > 0; left--) {
            boolean more = left > 1;
            results.add(connection.finish(() -> {
                if (more) {
                    begin(connection);
                }
            }));
        }
        return results;
    }

    private void begin(SmtpConnection connection) {
        assertThat(connection.begin(message)).isTrue();
        assertThat(connection.begin(message)).as("one at a time").isFalse();
    }

    private static List<String> words(List<TransactionResult> results) {
        return results.stream().map(SendOutcome::of).toList();
    }

    @Test
    void theWholeMessageIsSentByBdatBeforeTheOneAheadIsAnswered() throws Exception {
        try (ScriptedPeer peer = peer(HELLO + FLIGHT + TAKEN + FLIGHT + "C: RSET\n" + FLIGHT + TAKEN + "C: RSET\n"
                        + FLIGHT + RESET + TAKEN + RESET + TAKEN + END);
                SmtpConnection connection = open(peer)) {
            assertThat(convoy(connection, 3))
                    .allMatch(TransactionResult::isConfirmed)
                    .hasSize(4);
            assertThat(connection.isFollowed()).isFalse();
            connection.quit();
            peer.verify();
        }
    }

    @Test
    void itIsTheSameUnderTls() throws Exception {
        level = TlsPolicy.Level.REQUIRED;
        String startTls = """
                S: 220 mx
                C: *
                S: 250-mx
                S: 250 STARTTLS
                C: STARTTLS
                S: 220 go ahead
                starttls good
                """;
        try (ScriptedPeer peer = peer(startTls + HELLO.substring(HELLO.indexOf('C')) + FLIGHT + TAKEN + FLIGHT
                        + "C: RSET\n" + FLIGHT + TAKEN + RESET + TAKEN + END);
                SmtpConnection connection = open(peer)) {
            assertThat(convoy(connection, 2)).allMatch(TransactionResult::isConfirmed);
            connection.quit();
            peer.verify();
        }
    }

    @Test
    void theEnvelopeIsSentBeforeTheMessageAheadIsAnsweredWhereItIsByData() throws Exception {
        try (ScriptedPeer peer = peer(HELLO_WITHOUT_CHUNKING + BY_DATA + GO + "S: 250 taken\n" + BY_DATA + GO
                        + "C: RSET\n" + BY_DATA + "S: 250 taken\n" + RESET + GO + "C: RSET\n" + BY_DATA
                        + "S: 250 taken\n" + RESET + GO + "S: 250 taken\n" + END);
                SmtpConnection connection = open(peer)) {
            assertThat(convoy(connection, 3))
                    .allMatch(TransactionResult::isConfirmed)
                    .hasSize(4);
            connection.quit();
            peer.verify();
        }
    }

    @Test
    void aRefusedMessageAheadCostsItNothing() throws Exception {
        for (String refusal : List.of(
                "S: 250 ok\nS: 250 ok\nS: 554 spam\n",
                "S: 250 ok\nS: 550 nobody\nS: 503 nobody\n",
                "S: 451 later\nS: 503 no MAIL\nS: 503 no MAIL\n")) {
            try (ScriptedPeer peer = peer(
                            HELLO + FLIGHT + TAKEN + FLIGHT + "C: RSET\n" + FLIGHT + refusal + RESET + TAKEN + END);
                    SmtpConnection connection = open(peer)) {
                List<TransactionResult> results = convoy(connection, 2);
                assertThat(results.get(1).isConfirmed()).as(refusal).isFalse();
                assertThat(words(results).get(2)).as(refusal).isEqualTo("mail 250, rcpt 250, confirmed 250");
                connection.quit();
                peer.verify();
            }
        }
    }

    @Test
    void theRepliesBehindARefusedResetHold() throws Exception {
        for (String refusal : List.of("S: 451 not now\n", "S: 550 never\n")) {
            try (ScriptedPeer peer = peer(
                            HELLO + FLIGHT + TAKEN + FLIGHT + "C: RSET\n" + FLIGHT + TAKEN + refusal + TAKEN + END);
                    SmtpConnection connection = open(peer)) {
                assertThat(convoy(connection, 2)).allMatch(TransactionResult::isConfirmed);
                connection.quit();
                peer.verify();
            }
            try (ScriptedPeer peer = peer(HELLO_WITHOUT_CHUNKING + BY_DATA + GO + "S: 250 taken\n" + BY_DATA + GO
                            + "C: RSET\n" + BY_DATA + "S: 250 taken\n" + refusal + GO + "S: 250 taken\n" + END);
                    SmtpConnection connection = open(peer)) {
                assertThat(convoy(connection, 2)).allMatch(TransactionResult::isConfirmed);
                connection.quit();
                peer.verify();
            }
        }
    }

    @Test
    void aRefusalOfMailBehindARefusedResetIsNoneOfTheMessage() throws Exception {
        String outOfOrder = "S: 500 what\nS: 503 nested MAIL\nS: 503 no MAIL\nS: 503 no MAIL\n";
        try (ScriptedPeer peer =
                        peer(HELLO + FLIGHT + TAKEN + FLIGHT + "C: RSET\n" + FLIGHT + TAKEN + outOfOrder + "wait\n");
                SmtpConnection connection = open(peer)) {
            TransactionResult behind = convoy(connection, 2).getLast();
            assertThat(SendOutcome.of(behind))
                    .isEqualTo("mail 503, rcpt 503, data 503, fault REFUSED at RSET with 500");
            assertThat(new FailurePolicy().isForAnotherSession(behind, true)).isTrue();
            peer.verify();
        }
    }

    @Test
    void itsOwnRefusalIsItsOwn() throws Exception {
        try (ScriptedPeer peer = peer(HELLO + FLIGHT + TAKEN + FLIGHT + "C: RSET\n" + FLIGHT + TAKEN + RESET
                        + "S: 250 ok\nS: 550 nobody\nS: 503 nobody\nC: RSET\n" + RESET + FLIGHT + TAKEN + END);
                SmtpConnection connection = open(peer)) {
            assertThat(words(convoy(connection, 2)).getLast()).isEqualTo("mail 250, rcpt 550, data 503");
            assertThat(connection.send(message).isConfirmed()).isTrue();
            connection.quit();
            peer.verify();
        }
    }

    @Test
    void aConnectionThatIsLostLeavesBothInDoubtIfBothWereSent() throws Exception {
        try (ScriptedPeer peer = peer(HELLO + FLIGHT + TAKEN + FLIGHT + "C: RSET\n" + FLIGHT + "close\n");
                SmtpConnection connection = open(peer)) {
            List<TransactionResult> results = convoy(connection, 2);
            assertThat(results.subList(1, 3)).allMatch(TransactionResult::isPossibleDuplicate);
            peer.verify();
        }
    }

    @Test
    void whatTheMessageAheadWasAnsweredHoldsIfTheConnectionIsLostBehindIt() throws Exception {
        try (ScriptedPeer peer = peer(HELLO + FLIGHT + TAKEN + FLIGHT + "C: RSET\n" + FLIGHT + TAKEN + "close\n");
                SmtpConnection connection = open(peer)) {
            List<TransactionResult> results = convoy(connection, 2);
            assertThat(results.get(1).isConfirmed()).isTrue();
            assertThat(results.get(2).isPossibleDuplicate()).isTrue();
            peer.verify();
        }
    }

    @Test
    void aConnectionThatIsLostLeavesNoDoubtOfWhatOnlyItsEnvelopeWasSentOf() throws Exception {
        try (ScriptedPeer peer = peer(HELLO_WITHOUT_CHUNKING + BY_DATA + GO + "S: 250 taken\n" + BY_DATA + GO
                        + "C: RSET\n" + BY_DATA + "close\n");
                SmtpConnection connection = open(peer)) {
            List<TransactionResult> results = convoy(connection, 2);
            assertThat(results.get(1).isPossibleDuplicate()).isTrue();
            assertThat(words(results).get(2)).isEqualTo("rcpt -, fault CONNECTION_LOST at RSET");
            peer.verify();
        }
    }

    @Test
    void aPeerThatSaysGoodbyeHasNotTakenIt() throws Exception {
        try (ScriptedPeer peer =
                        peer(HELLO + FLIGHT + TAKEN + FLIGHT + "C: RSET\n" + FLIGHT + "S: 421 closing\nclose\n");
                SmtpConnection connection = open(peer)) {
            List<TransactionResult> results = convoy(connection, 2);
            assertThat(words(results).get(2)).isEqualTo("rcpt -, fault REFUSED at RSET with 421");
            assertThat(results.get(2).isPossibleDuplicate()).isFalse();
            peer.verify();
        }
    }

    @Test
    void aPeerThatDoesNotBearItGetsOneMessageAfterTheOtherFromThenOn() throws Exception {
        try (ScriptedPeer peer = peer("--- connection 1\n" + HELLO + FLIGHT + TAKEN + FLIGHT + "C: RSET\n" + FLIGHT
                + TAKEN + "close\n--- connection 2\n" + HELLO + FLIGHT + TAKEN + FLIGHT + TAKEN + END)) {
            try (SmtpConnection connection = open(peer)) {
                TransactionResult behind = convoy(connection, 2).getLast();
                assertThat(behind.fault().orElseThrow().kind()).isEqualTo(Kind.CONNECTION_LOST);
            }
            try (SmtpConnection connection = open(peer)) {
                connection.send(message);
                assertThat(connection
                                .send(
                                        message,
                                        () -> assertThat(connection.begin(message))
                                                .isFalse())
                                .isConfirmed())
                        .isTrue();
                connection.quit();
            }
            peer.verify();
        }
    }

    @Test
    void aNearPeerGetsOneMessageAfterTheOther() throws Exception {
        connector.close();
        connector = connector(Duration.ofHours(1));
        try (ScriptedPeer peer = peer(HELLO + FLIGHT + TAKEN + FLIGHT + TAKEN + END);
                SmtpConnection connection = open(peer)) {
            connection.send(message);
            connection.send(message, () -> assertThat(connection.begin(message)).isFalse());
            connection.quit();
            peer.verify();
        }
    }

    @Test
    void nothingIsSentOfAMessageThatCannotBeReadOrHasToBeAnnounced() throws Exception {
        OutboundMessage unreadable = new OutboundMessage() {
            @Override
            public Envelope envelope() {
                return message.envelope();
            }

            @Override
            public long size() {
                return message.size();
            }

            @Override
            public boolean mayBeChunked() {
                return true;
            }

            @Override
            public InputStream openContent() throws IOException {
                throw new IOException("a disk that fails for a test");
            }
        };
        TestMessage commands = message.with("MAIL FROM:<x@y.example>\r\n".getBytes(StandardCharsets.US_ASCII));
        try (ScriptedPeer peer = peer(HELLO + FLIGHT + TAKEN + FLIGHT + TAKEN + END);
                SmtpConnection connection = open(peer)) {
            connection.send(message);
            connection.send(message, () -> {
                assertThat(connection.begin(unreadable)).isFalse();
                assertThat(connection.begin(commands)).isFalse();
            });
            connection.quit();
            peer.verify();
        }
    }

    @Test
    void theSessionIsForNothingElseUntilItIsFinished() throws Exception {
        try (ScriptedPeer peer =
                        peer(HELLO + FLIGHT + TAKEN + FLIGHT + "C: RSET\n" + FLIGHT + TAKEN + RESET + TAKEN + END);
                SmtpConnection connection = open(peer)) {
            connection.send(message);
            connection.send(message, () -> begin(connection));
            assertThat(connection.isFollowed()).isTrue();
            assertThatThrownBy(() -> connection.send(message)).isInstanceOf(IllegalStateException.class);
            assertThat(connection.finish(() -> {}).stage()).isEqualTo(DeliveryStage.CONFIRMATION);
            assertThatThrownBy(() -> connection.finish(() -> {})).isInstanceOf(IllegalStateException.class);
            connection.quit();
            peer.verify();
        }
    }

    /** What a peer may do in place of a reply. */
    private static final List<String> FAULTS = List.of(
            "close\n",
            "reset\n",
            "S! 25\nclose\n",
            "S! 250-begun\\r\\n\nclose\n",
            "S: hello there\nwait\n",
            "S: 399 go on\nwait\n",
            "S: 250-one\nS: 550 two\nwait\n",
            "S! \\x00\\xff\\x16\\n\nwait\n",
            GOODBYE);

    /** One of the replies to two messages, and what comes in its place. */
    private record Cell(boolean tls, boolean chunked, int reply, String fault) {

        /** Whether this is a goodbye, or no acceptance of the MAIL or RCPT of the message whose replies begin there. */
        private boolean leavesNoDoubt(int itsMail) {
            return fault.equals(GOODBYE)
                    || chunked && fault.startsWith("S: 399") && (reply == itsMail || reply == itsMail + 1);
        }

        private String hello() {
            String offers =
                    chunked ? "S: 250-mx\nS: 250-PIPELINING\nS: 250 CHUNKING\n" : "S: 250-mx\nS: 250 PIPELINING\n";
            return tls ? "tls good\nS: 220 mx\nC: *\n" + offers : "S: 220 mx\nC: *\n" + offers;
        }

        private String dialogue() {
            String alone = chunked ? FLIGHT + TAKEN : BY_DATA + GO + "S: 250 taken\n";
            String both = chunked ? FLIGHT + "C: RSET\n" + FLIGHT : BY_DATA + GO + "C: RSET\n" + BY_DATA;
            List<String> replies = chunked
                    ? List.of("250 ok", "250 ok", "250 taken", "250 forgotten", "250 ok", "250 ok", "250 taken")
                    : List.of("250 taken", "250 forgotten", "250 ok", "250 ok", "354 go", "250 taken");
            StringBuilder text = new StringBuilder(hello() + alone + both);
            for (int i = 0; i < reply; i++) {
                text.append("S: ").append(replies.get(i)).append('\n');
                text.append(replies.get(i).startsWith("354") ? "C: <content>\n" : "");
            }
            return text + fault;
        }

        /** Replies to the message ahead. */
        private int ahead() {
            return chunked ? 3 : 1;
        }

        @Override
        public String toString() {
            return (tls ? "under TLS, " : "") + (chunked ? "by BDAT, " : "by DATA, ") + "reply " + reply + ": "
                    + fault.replace("\n", "; ");
        }
    }

    static Stream<Cell> cells() {
        return Stream.of(true, false)
                .flatMap(tls -> Stream.of(true, false)
                        .flatMap(chunked -> IntStream.range(0, chunked ? 7 : 6)
                                .boxed()
                                .flatMap(reply -> FAULTS.stream().map(fault -> new Cell(tls, chunked, reply, fault)))));
    }

    @ParameterizedTest
    @MethodSource("cells")
    void whateverComesInPlaceOfAReplyNothingIsLostOrHeldForDelivered(Cell cell) throws Exception {
        level = cell.tls() ? TlsPolicy.Level.REQUIRED : TlsPolicy.Level.NEVER;
        implicit = cell.tls();
        try (ScriptedPeer peer = peer(cell.dialogue());
                SmtpConnection connection = open(peer)) {
            List<TransactionResult> results = convoy(connection, 2);
            TransactionResult ahead = results.get(1);
            TransactionResult behind = results.get(2);
            peer.verify();

            boolean aheadAnswered = cell.reply() >= cell.ahead();
            assertThat(ahead.isConfirmed()).isEqualTo(aheadAnswered);
            assertThat(ahead.isPossibleDuplicate()).isEqualTo(!aheadAnswered && !cell.leavesNoDoubt(0));
            assertThat(behind.isConfirmed()).isFalse();
            boolean sentToItsEnd = cell.chunked() || cell.reply() == 5;
            assertThat(behind.isPossibleDuplicate()).isEqualTo(sentToItsEnd && !cell.leavesNoDoubt(4));
            assertThat(behind.fault()).isPresent();
            assertThat(connection.isUsable()).isFalse();
        }
    }
}
