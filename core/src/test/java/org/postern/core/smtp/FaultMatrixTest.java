// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.postern.core.sasl.AuthResult;
import org.postern.core.sasl.FakeExchange;
import org.postern.core.sasl.SaslDialogue;
import org.postern.core.smtp.SmtpFault.Kind;
import org.postern.peer.ScriptedPeer;
import org.postern.peer.TestAuthority;
import org.postern.spi.credential.Octets;
import org.postern.spi.mail.DeliveryStage;
import org.postern.spi.policy.InitialResponse;

/**
 * Every fault that a peer can have at every point of a session, in clear, after STARTTLS and under TLS from the first octet: it
 * ends in time, as a fact that names the point.
 */
class FaultMatrixTest {

    private static final TestAuthority AUTHORITY = TestAuthority.create();

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

    /** Where the peer misbehaves: what the client says before it, and what the peer says where it behaves. */
    enum Point {
        GREETING("greeting", DeliveryStage.BANNER, "", "S: 220 mx\n"),
        EHLO_IN_CLEAR("ehlo", DeliveryStage.EHLO, "C: EHLO *\n", "S: 250-mx\nS: 250 STARTTLS\n"),
        STARTTLS("startTls", DeliveryStage.STARTTLS, "C: STARTTLS\n", "S: 220 go\nstarttls good\n"),
        EHLO("ehlo", DeliveryStage.EHLO, "C: EHLO *\n", "S: 250-mx\nS: 250 AUTH X\n"),
        AUTH("auth", DeliveryStage.AUTH_SENT, "C: AUTH X\n", "S: 334 QUJD\n"),
        CHALLENGE("auth", DeliveryStage.AUTH_CHALLENGE, "C: QUJD\n", "S: 235 in\n"),
        MAIL("mail", DeliveryStage.MAIL, "C: MAIL FROM:*\n", "S: 250 ok\n"),
        RCPT("rcpt", DeliveryStage.RCPT, "C: RCPT TO:*\n", "S: 250 ok\n"),
        DATA("data", DeliveryStage.DATA, "C: DATA\n", "S: 354 go\n"),
        CONFIRMATION("confirmation", DeliveryStage.CONFIRMATION, "C: <content>\n", "S: 250 taken\n"),
        MAIL_AGAIN("mail", DeliveryStage.MAIL, "C: MAIL FROM:*\n", "");

        private final String timeout;
        private final DeliveryStage stage;
        private final String client;
        private final String peer;

        Point(String timeout, DeliveryStage stage, String client, String peer) {
            this.timeout = timeout;
            this.stage = stage;
            this.client = client;
            this.peer = peer;
        }
    }

    /** How the session is protected, and at what points it therefore comes by. */
    enum Layer {
        CLEAR("", EnumSet.of(Point.EHLO_IN_CLEAR, Point.STARTTLS), "tls=never"),
        UPGRADED("", EnumSet.noneOf(Point.class), "tls=required verification=host"),
        IMPLICIT(
                "tls good\n",
                EnumSet.of(Point.EHLO_IN_CLEAR, Point.STARTTLS),
                "tls=required verification=host implicit=yes");

        private final String first;
        private final Set<Point> points;
        private final Given given;

        Layer(String first, EnumSet<Point> leftOut, String given) {
            this.first = first;
            this.points = EnumSet.complementOf(leftOut);
            this.given = Given.of(given);
        }

        /** All that is said up to the point. */
        String before(Point point) {
            StringBuilder said = new StringBuilder(first);
            for (Point earlier : points) {
                said.append(earlier.client);
                if (earlier == point) {
                    break;
                }
                said.append(earlier.peer);
            }
            return said.toString();
        }
    }

    /** What the peer does instead of a reply, and what is to be made of it. */
    enum Fault {
        HANGS("wait", Kind.TIMEOUT),
        DRIBBLES("dribble 1/100ms S: 250 xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", Kind.TIMEOUT),
        DRIBBLES_LINES("repeat 100000 S: 250-x\nwait", Kind.PROTOCOL_ERROR),
        CLOSES("close", Kind.CONNECTION_LOST),
        RESETS("reset", Kind.CONNECTION_LOST),
        CUTS_A_LINE("S! 25\nclose", Kind.CONNECTION_LOST),
        CUTS_A_REPLY("S: 250-begun\nclose", Kind.CONNECTION_LOST),
        SAYS_NO_CODE("S: hello there\nwait", Kind.PROTOCOL_ERROR),
        SAYS_A_SHORT_CODE("S: 25\nwait", Kind.PROTOCOL_ERROR),
        SAYS_A_LONG_CODE("S: 2500 ok\nwait", Kind.PROTOCOL_ERROR),
        SAYS_CODE_0("S: 050 ok\nwait", Kind.PROTOCOL_ERROR),
        SAYS_CODE_1("S: 150 ok\nwait", Kind.PROTOCOL_ERROR),
        SAYS_CODE_6("S: 650 ok\nwait", Kind.PROTOCOL_ERROR),
        SAYS_NOTHING("S: \nwait", Kind.PROTOCOL_ERROR),
        SAYS_BINARY("S! \\x00\\xff\\x16\\x03\\x01\\n\nwait", Kind.PROTOCOL_ERROR),
        MIXES_CODES("S: 250-one\nS: 550 two\nwait", Kind.PROTOCOL_ERROR),
        SAYS_AN_ENDLESS_LINE("repeat 100000 S! 250 xxxxxxxxxxxxxxxxxxxxxxxx\nwait", Kind.PROTOCOL_ERROR),
        ASKS_IN_RETURN("S: 399 go on\nwait", Kind.PROTOCOL_ERROR);

        private final String steps;
        private final Kind kind;

        Fault(String steps, Kind kind) {
            this.steps = steps;
            this.kind = kind;
        }
    }

    static Stream<Arguments> everyPoint() {
        return Arrays.stream(Layer.values())
                .flatMap(layer -> layer.points.stream().map(point -> Arguments.of(layer, point)));
    }

    static Stream<Arguments> everyFaultAtEveryPoint() {
        return everyPoint()
                .flatMap(place -> Arrays.stream(Fault.values())
                        .map(fault -> Arguments.of(place.get()[0], place.get()[1], fault)));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("everyFaultAtEveryPoint")
    void c1_endsInTimeAndNamesThePoint(Layer layer, Point point, Fault fault) throws IOException {
        boolean mayTimeOut = fault.kind == Kind.TIMEOUT;
        SmtpTimeouts timeouts =
                Given.shortened(mayTimeOut ? point.timeout : "none", Duration.ofMillis(mayTimeOut ? 400 : 1));
        SmtpFault found = play(layer, layer.before(point) + fault.steps + "\n", timeouts);
        if (!isResetWhileConnecting(point, fault, found)) {
            assertThat(found.kind()).isEqualTo(fault.kind);
            assertThat(found.stage()).isEqualTo(point.stage);
        }
        assertThat(found.getMessage()).doesNotContain("\r", "\n", "\0").isNotBlank();
    }

    /** A reset that is here before the connecting thread looks again makes the connecting itself fail. */
    private static boolean isResetWhileConnecting(Point point, Fault fault, SmtpFault found) {
        return point == Point.GREETING
                && fault == Fault.RESETS
                && found.kind() == Kind.CONNECT_FAILED
                && found.stage() == DeliveryStage.NOT_CONNECTED;
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("everyPoint")
    void c1_reportsThatThePeerCloses(Layer layer, Point point) throws IOException {
        SmtpFault found = play(
                layer,
                layer.before(point) + "S: 421 4.3.2 going down\nclose\n",
                Given.shortened("none", Duration.ofMillis(1)));
        assertThat(found.stage()).isEqualTo(point.stage);
        assertThat(found.reply())
                .hasValueSatisfying(reply -> assertThat(reply.code()).isEqualTo(421));
    }

    private static SmtpFault play(Layer layer, String dialogue, SmtpTimeouts timeouts) throws IOException {
        try (ScriptedPeer peer = ScriptedPeer.playText("matrix", dialogue, AUTHORITY, Duration.ofSeconds(30))) {
            SessionParameters plain = layer.given.parameters(peer.port(), caFile);
            SmtpFault fault = run(new SessionParameters(
                    plain.endpoint(), Optional.empty(), "client.test", plain.tls(), true, timeouts));
            peer.verify();
            return fault;
        }
    }

    private static SmtpFault run(SessionParameters parameters) {
        try (SmtpConnection connection = connector.open(parameters, WireTap.NONE)) {
            FakeExchange exchange = FakeExchange.serverFirst(Octets.utf8("ABC"));
            return switch (SaslDialogue.authenticate(connection, "X", exchange, InitialResponse.AUTO)) {
                case AuthResult.Refused refused ->
                    SmtpFault.of(refused.stage(), Kind.REFUSED, "refused", Optional.of(refused.reply()));
                case AuthResult.Aborted aborted -> throw new AssertionError(aborted.reason());
                case AuthResult.Authenticated done -> {
                    TransactionResult first = connection.send(TestMessage.to("one@example.test"));
                    TransactionResult result =
                            first.isConfirmed() ? connection.send(TestMessage.to("two@example.test")) : first;
                    assertThat(result.isConfirmed()).isFalse();
                    yield result.fault().orElseThrow();
                }
            };
        } catch (SmtpFault fault) {
            return fault;
        }
    }
}
