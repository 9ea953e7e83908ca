// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postern.core.outcome.FailurePolicy;
import org.postern.core.outcome.Judgement;
import org.postern.core.sasl.AuthResult;
import org.postern.core.sasl.FakeExchange;
import org.postern.core.sasl.SaslDialogue;
import org.postern.core.smtp.FaultMatrix.Cell;
import org.postern.core.smtp.FaultMatrix.Fault;
import org.postern.core.smtp.FaultMatrix.Layer;
import org.postern.core.smtp.FaultMatrix.Point;
import org.postern.core.smtp.FaultMatrix.Verdict;
import org.postern.core.smtp.SmtpFault.Kind;
import org.postern.peer.ScriptedPeer;
import org.postern.peer.TestAuthority;
import org.postern.spi.credential.Octets;
import org.postern.spi.mail.DeliveryOutcome;
import org.postern.spi.mail.DeliveryStage;
import org.postern.spi.mail.Envelope;
import org.postern.spi.policy.InitialResponse;

/**
 * Every fault that a peer can have at every point of a session, in clear, after STARTTLS and under TLS from the first octet,
 * step by step, with the envelope in one flight and with the content in it: it ends in time, as a fact that names the point, and what becomes of the message is what {@link FaultMatrix} says.
 */
class FaultMatrixTest {

    private static final TestAuthority AUTHORITY = TestAuthority.create();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Some steps come twice, and the peer has to be quicker than this the first time. */
    private static final Duration LIMIT = Duration.ofMillis(600);

    /** Several blocks of it. */
    private static final byte[] LONG_CONTENT =
            ("x".repeat(78) + "\r\n").repeat(1_250).getBytes(StandardCharsets.US_ASCII);

    private final FailurePolicy policy = new FailurePolicy();

    @TempDir
    static Path folder;

    private static Path caFile;
    private static SmtpConnector connector;

    @BeforeAll
    static void opensConnector() throws IOException {
        caFile = AUTHORITY.writeRootPem(folder.resolve("ca.pem"));
        connector = new SmtpConnector();
    }

    @AfterAll
    static void closesConnector() {
        connector.close();
    }

    @TestFactory
    Stream<DynamicTest> c1_01_defersMailWhateverComesForAGreeting() {
        return at(Point.GREETING);
    }

    @TestFactory
    Stream<DynamicTest> c1_02_defersMailWhateverComesInAnswerToEhlo() {
        return at(Point.EHLO_IN_CLEAR, Point.EHLO);
    }

    @TestFactory
    Stream<DynamicTest> c1_03_defersMailWhateverComesForTlsAndNeverGoesOnInClear() {
        return at(Point.STARTTLS, Point.TLS_HANDSHAKE);
    }

    @TestFactory
    Stream<DynamicTest> c1_04_failsNoMailWhateverComesInAnswerToAuth() {
        return at(Point.AUTH, Point.CHALLENGE);
    }

    @TestFactory
    Stream<DynamicTest> c1_05_takesNothingButARefusalOfTheSenderForARefusal() {
        return at(Point.MAIL);
    }

    @TestFactory
    Stream<DynamicTest> c1_06_takesNothingButARefusalOfTheRecipientForARefusal() {
        return at(Point.RCPT);
    }

    @TestFactory
    Stream<DynamicTest> c1_07_takesNothingButARefusalOfDataForARefusal() {
        return at(Point.DATA);
    }

    @TestFactory
    Stream<DynamicTest> c1_08_sendsNoEndOfContentToAPeerThatHasAnsweredAlready() {
        return at(Point.BODY);
    }

    @TestFactory
    Stream<DynamicTest> c1_09_takesEverythingButAReplyToTheEndOfTheContentForAPossibleDuplicate() {
        return at(Point.CONFIRMATION);
    }

    @TestFactory
    Stream<DynamicTest> c1_10_leavesWhatIsSettledAsItIsWhateverComesInAnswerToRsetAndQuit() {
        return at(Point.RSET, Point.QUIT);
    }

    @TestFactory
    Stream<DynamicTest> c1_11_goesOnOverAnotherSessionWhateverHasBecomeOfAnOldOne() {
        return at(Point.IDLE, Point.MAIL_AGAIN);
    }

    @ParameterizedTest(name = "C1-12 {0}")
    @EnumSource(Layer.class)
    void c1_12_deliversToAPeerThatEndsItsLinesWithLfAlone(Layer layer) throws IOException {
        try (ScriptedPeer peer = play(layer.dialogue().replace("\\r\\n", "\\n"))) {
            Session session = new Session(peer, new Cell(layer, Point.MAIL, Fault.CLOSES));
            assertThat(session.run().verdict()).isEqualTo(Verdict.DELIVERED);
            peer.verify();
        }
    }

    private Stream<DynamicTest> at(Point... points) {
        return FaultMatrix.at(points).map(cell -> DynamicTest.dynamicTest(cell.toString(), () -> meet(cell)));
    }

    private void meet(Cell cell) throws IOException {
        try (ScriptedPeer peer = play(cell.layer().dialogue(cell.point(), cell.fault()))) {
            Session session = new Session(peer, cell);
            Found found = session.run();
            peer.verify();
            judge(cell, found);
            assertThat(session.shown).allSatisfy(FaultMatrixTest::isHarmless);
        }
    }

    private static ScriptedPeer play(String dialogue) throws IOException {
        return ScriptedPeer.playText("matrix", dialogue, AUTHORITY, PATIENCE);
    }

    private static void judge(Cell cell, Found found) {
        isHarmless(found.text());
        if (FaultMatrix.mayBeSeenLate(cell.point(), cell.fault())) {
            boolean endSent = found.fault().orElseThrow().stage() == DeliveryStage.CONFIRMATION;
            assertThat(found.verdict()).isEqualTo(endSent ? Verdict.POSSIBLE_DUPLICATE : Verdict.DEFERRED);
        } else {
            assertThat(found.verdict()).as(found.text()).isEqualTo(FaultMatrix.verdict(cell));
        }
        found.fault().ifPresent(fault -> names(cell, fault));
        if (cell.fault().code() > 0 && !cell.point().isAfterwards() && cell.point() != Point.TLS_HANDSHAKE) {
            assertThat(found.text()).contains(Integer.toString(cell.fault().code()));
        }
    }

    private static void names(Cell cell, SmtpFault fault) {
        isHarmless(fault.getMessage());
        // What ends an idle session may be met in the midst, and is not looked at any more.
        if (cell.point() != Point.IDLE) {
            assertThat(fault.kind()).as(fault.getMessage()).isIn(FaultMatrix.kinds(cell.point(), cell.fault()));
            assertThat(fault.stage()).as(fault.getMessage()).isIn(FaultMatrix.stages(cell.point(), cell.fault()));
        }
    }

    private static void isHarmless(String text) {
        assertThat(text).isNotBlank();
        assertThat(text.chars()).noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029 || c == 0x202E);
    }

    /** What was found out: what becomes of the message, why the session ended, if it did, and what people are told. */
    private record Found(Verdict verdict, Optional<SmtpFault> fault, String text) {

        static Found of(Judgement judgement, SmtpFault fault) {
            return new Found(Verdict.of(judgement.outcome()), Optional.of(fault), judgement.reason());
        }
    }

    /** A client's session with the peer. */
    private final class Session implements WireTap {

        private final List<String> shown = new ArrayList<>();
        private final ScriptedPeer peer;
        private final Cell cell;

        Session(ScriptedPeer peer, Cell cell) {
            this.peer = peer;
            this.cell = cell;
        }

        Found run() {
            if (cell.layer() != Layer.CHUNKED) {
                return run(connector);
            }
            // What is learned of a peer that takes no chunk must not meet the next that gets the same port.
            try (SmtpConnector own = new SmtpConnector()) {
                return run(own);
            }
        }

        private Found run(SmtpConnector opener) {
            try (SmtpConnection connection = opener.open(parameters(), this)) {
                FakeExchange exchange = FakeExchange.serverFirst(Octets.utf8("ABC"));
                return switch (SaslDialogue.authenticate(connection, "X", exchange, InitialResponse.AUTO)) {
                    case AuthResult.Refused refused -> refused(refused);
                    case AuthResult.Aborted aborted -> throw new AssertionError(aborted.reason());
                    case AuthResult.Authenticated done -> transact(connection);
                };
            } catch (SmtpFault fault) {
                return Found.of(policy.session(fault), fault);
            }
        }

        private SessionParameters parameters() {
            SessionParameters plain = cell.layer().given().parameters(peer.port(), caFile);
            SmtpTimeouts timeouts = cell.fault().isForPatience(cell.point())
                    ? Given.shortened(cell.point().timeout(), LIMIT)
                    : Given.shortened("none", Duration.ofMillis(1));
            return new SessionParameters(
                    plain.endpoint(), Optional.empty(), "client.test", plain.tls(), true, timeouts);
        }

        private Found refused(AuthResult.Refused refused) {
            return Found.of(
                    policy.authRefused(refused.stage(), refused.reply(), refused.detail()),
                    SmtpFault.of(refused.stage(), Kind.REFUSED, "refused", Optional.of(refused.reply())));
        }

        private Found transact(SmtpConnection connection) {
            TestMessage message = TestMessage.to("one@example.test");
            TransactionResult first =
                    connection.send(cell.point() == Point.BODY ? held(message.with(LONG_CONTENT)) : message);
            return switch (cell.point()) {
                case IDLE -> {
                    awaitUseless(connection);
                    yield again(connection, first);
                }
                case MAIL_AGAIN -> again(connection, first);
                case RSET -> reset(connection, first);
                case QUIT -> {
                    connection.quit();
                    awaitUseless(connection);
                    yield judged(first, false);
                }
                default -> {
                    if (cell.fault() == Fault.SAYS_TOO_MUCH) {
                        awaitUseless(connection);
                    }
                    yield judged(first, false);
                }
            };
        }

        private Found again(SmtpConnection connection, TransactionResult first) {
            assertThat(first.isConfirmed()).isTrue();
            return judged(connection.send(TestMessage.to("two@example.test")), true);
        }

        private Found reset(SmtpConnection connection, TransactionResult first) {
            Found before = judged(first, false);
            try {
                connection.reset();
                assertThat(cell.fault()).isEqualTo(Fault.SAYS_TOO_MUCH);
            } catch (SmtpFault fault) {
                names(cell, fault);
            }
            awaitUseless(connection);
            return before;
        }

        private static void awaitUseless(SmtpConnection connection) {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> !connection.isUsable());
        }

        private Found judged(TransactionResult result, boolean reused) {
            if (policy.isForAnotherSession(result, reused)) {
                SmtpFault fault = result.fault().orElseThrow();
                return new Found(Verdict.ANOTHER_SESSION, result.fault(), fault.getMessage());
            }
            DeliveryOutcome outcome = policy.transaction(result, true).getFirst();
            return new Found(Verdict.of(outcome), result.fault(), text(outcome));
        }

        private static String text(DeliveryOutcome outcome) {
            return switch (outcome) {
                case DeliveryOutcome.Delivered delivered -> delivered.reply().toString();
                case DeliveryOutcome.Failed failed -> failed.reason();
                case DeliveryOutcome.Held held -> held.reason();
                case DeliveryOutcome.Deferred deferred -> deferred.reason();
            };
        }

        /** The message, none of which is to be had before the peer has done what it does. */
        private OutboundMessage held(TestMessage message) {
            return new OutboundMessage() {
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
                    return false;
                }

                @Override
                public InputStream openContent() {
                    return new FilterInputStream(new ByteArrayInputStream(message.content())) {
                        @Override
                        public int read(byte[] into, int at, int most) throws IOException {
                            if (FaultMatrix.mayBeSeenLate(cell.point(), cell.fault())) {
                                peer.verify();
                            }
                            return super.read(into, at, most);
                        }
                    };
                }
            };
        }

        @Override
        public void sent(String line) {
            shown.add(line);
        }

        @Override
        public void received(String line) {
            shown.add(line);
        }

        @Override
        public void note(String text) {
            shown.add(text);
        }
    }
}
