// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.postern.core.smtp.SmtpFault.Kind;
import org.postern.spi.mail.DeliveryOutcome;
import org.postern.spi.mail.DeliveryStage;

/** Where a peer may misbehave, how, and what then has to become of the message. */
final class FaultMatrix {

    private FaultMatrix() {}

    /** What the message has come to. */
    enum Verdict {
        DELIVERED,
        FAILED,
        HELD,
        /** Tried again later, and no peer can have it. */
        DEFERRED,
        /** Tried again later, though the peer may have it. */
        POSSIBLE_DUPLICATE,
        /** Sent over another session at once; no attempt is counted. */
        ANOTHER_SESSION;

        static Verdict of(DeliveryOutcome outcome) {
            return switch (outcome) {
                case DeliveryOutcome.Delivered delivered -> DELIVERED;
                case DeliveryOutcome.Failed failed -> FAILED;
                case DeliveryOutcome.Held held -> HELD;
                case DeliveryOutcome.Deferred deferred -> deferred.possibleDuplicate() ? POSSIBLE_DUPLICATE : DEFERRED;
            };
        }
    }

    /** Where the peer misbehaves: what the client says before it, and what the peer says where it behaves. */
    enum Point {
        GREETING("greeting", DeliveryStage.BANNER, DeliveryStage.EHLO, null, "", "220 mx\\r\\n"),
        EHLO_IN_CLEAR(
                "ehlo",
                DeliveryStage.EHLO,
                DeliveryStage.STARTTLS,
                GREETING,
                "C: EHLO *\n",
                "250-mx\\r\\n250 STARTTLS\\r\\n"),
        STARTTLS(
                "startTls",
                DeliveryStage.STARTTLS,
                DeliveryStage.STARTTLS,
                EHLO_IN_CLEAR,
                "C: STARTTLS\n",
                "220 go\\r\\n"),
        /** Five octets are the head of the client's first record. */
        TLS_HANDSHAKE(
                "startTls",
                DeliveryStage.TLS_HANDSHAKE,
                DeliveryStage.TLS_HANDSHAKE,
                EHLO_IN_CLEAR,
                "C: <octets 5>\n",
                ""),
        EHLO(
                "ehlo",
                DeliveryStage.EHLO,
                DeliveryStage.AUTH_SENT,
                STARTTLS,
                "C: EHLO *\n",
                "250-mx\\r\\n250 AUTH X\\r\\n"),
        AUTH("auth", DeliveryStage.AUTH_SENT, DeliveryStage.AUTH_CHALLENGE, EHLO, "C: AUTH X\n", "334 QUJD\\r\\n"),
        CHALLENGE("auth", DeliveryStage.AUTH_CHALLENGE, DeliveryStage.MAIL, AUTH, "C: QUJD\n", "235 in\\r\\n"),
        MAIL("mail", DeliveryStage.MAIL, DeliveryStage.MAIL, CHALLENGE, "C: MAIL FROM:*\n", "250 ok\\r\\n"),
        RCPT("rcpt", DeliveryStage.RCPT, DeliveryStage.RCPT, MAIL, "C: RCPT TO:*\n", "250 ok\\r\\n"),
        DATA("data", DeliveryStage.DATA, DeliveryStage.BODY, RCPT, "C: DATA\n", "354 go\\r\\n"),
        /** Whatever comes here comes with the reply to DATA, so that the content cannot be quicker. */
        BODY("block", DeliveryStage.BODY, DeliveryStage.BODY, RCPT, "C: DATA\n", ""),
        CONFIRMATION(
                "confirmation",
                DeliveryStage.CONFIRMATION,
                DeliveryStage.MAIL,
                DATA,
                "C: <content>\n",
                "250 taken\\r\\n"),
        RSET(
                "rset",
                DeliveryStage.RSET,
                DeliveryStage.MAIL,
                MAIL,
                "C: RCPT TO:*\nS: 550 5.1.1 nobody\nC: RSET\n",
                "250 ok\\r\\n"),
        IDLE("mail", DeliveryStage.IDLE, DeliveryStage.MAIL, CONFIRMATION, "", ""),
        MAIL_AGAIN("mail", DeliveryStage.MAIL, DeliveryStage.MAIL, CONFIRMATION, "C: MAIL FROM:*\n", "250 ok\\r\\n"),
        QUIT("quit", DeliveryStage.IDLE, DeliveryStage.IDLE, CONFIRMATION, "C: QUIT\n", "221 bye\\r\\n");

        private final String timeout;
        private final DeliveryStage stage;
        private final DeliveryStage next;
        private final Point after;
        private final String client;
        private final String peer;

        /** @param next the stage at which a reply too many is noticed */
        Point(String timeout, DeliveryStage stage, DeliveryStage next, Point after, String client, String peer) {
            this.timeout = timeout;
            this.stage = stage;
            this.next = next;
            this.after = after;
            this.client = client;
            this.peer = peer;
        }

        String timeout() {
            return timeout;
        }

        DeliveryStage stage() {
            return stage;
        }

        private String good(Layer layer) {
            String said = this == EHLO ? peer.replace("250 AUTH", layer.offers + "250 AUTH") : peer;
            return "S! " + said + "\n" + (this == STARTTLS ? "starttls good\n" : "");
        }

        private boolean isLogin() {
            return this == AUTH || this == CHALLENGE;
        }

        /** Whether a mail transaction is under way. */
        boolean isTransaction() {
            return EnumSet.of(MAIL, RCPT, DATA, BODY, CONFIRMATION, MAIL_AGAIN).contains(this);
        }

        /** Whether what becomes of the message was settled before. */
        boolean isAfterwards() {
            return this == IDLE || this == RSET || this == QUIT;
        }
    }

    /** How the session is protected, how messages go, and at what points it therefore comes by. */
    enum Layer {
        CLEAR("", "", "", EnumSet.of(Point.EHLO_IN_CLEAR, Point.STARTTLS, Point.TLS_HANDSHAKE), "tls=never"),
        UPGRADED("", "C: STARTTLS\nS: 220 go\n", "", EnumSet.noneOf(Point.class), "tls=required verification=host"),
        IMPLICIT(
                "tls good\n",
                "",
                "",
                EnumSet.of(Point.EHLO_IN_CLEAR, Point.STARTTLS),
                "tls=required verification=host implicit=yes"),
        /** The envelope in one flight. */
        PIPELINED(
                "",
                "",
                "250-PIPELINING\\r\\n",
                EnumSet.of(Point.EHLO_IN_CLEAR, Point.STARTTLS, Point.TLS_HANDSHAKE),
                "tls=never"),
        /** The content with it: every reply may take as long as the last. */
        CHUNKED(
                "",
                "",
                "250-PIPELINING\\r\\n250-CHUNKING\\r\\n",
                EnumSet.of(Point.EHLO_IN_CLEAR, Point.STARTTLS, Point.TLS_HANDSHAKE, Point.DATA),
                "tls=never");

        private static final Set<Point> OF_A_FLIGHT =
                EnumSet.of(Point.MAIL, Point.RCPT, Point.DATA, Point.CONFIRMATION);

        private final String first;
        private final String demand;
        private final String offers;
        private final Set<Point> points;
        private final Given given;

        Layer(String first, String demand, String offers, EnumSet<Point> leftOut, String given) {
            this.first = first;
            this.demand = demand;
            this.offers = offers;
            this.points = EnumSet.complementOf(leftOut);
            this.given = Given.of(given);
        }

        Given given() {
            return given;
        }

        private boolean has(Point point) {
            return points.contains(point);
        }

        private boolean isFlight() {
            return !offers.isEmpty();
        }

        /** Whether the fault can be met there, and there is no other place for it. */
        private boolean meets(Point point, Fault fault) {
            return has(point)
                    && fault.happensAt(point)
                    && (this != CHUNKED || point == Point.CONFIRMATION || !fault.isForPatience(point))
                    && (!isFlight() || OF_A_FLIGHT.contains(point) && fault.endsAFlight());
        }

        /** The session up to the point, and the fault there. */
        String dialogue(Point point, Fault fault) {
            return before(point) + fault.steps(point);
        }

        /** A session in which nothing goes wrong, up to the end of a message. */
        String dialogue() {
            return first + upTo(Point.CONFIRMATION);
        }

        private String before(Point point) {
            if (point == Point.TLS_HANDSHAKE) {
                return (demand.isEmpty() ? "" : upTo(point.after)) + demand + point.client;
            }
            return first + upTo(point.after) + client(point);
        }

        private String client(Point point) {
            long size = TestMessage.to("one@example.test").size();
            return this == CHUNKED && point == Point.CONFIRMATION
                    ? "C: BDAT " + size + " LAST\nC: <octets " + size + ">\n"
                    : point.client;
        }

        private String upTo(Point point) {
            if (point == null) {
                return "";
            }
            return upTo(point.after) + (has(point) ? client(point) + point.good(this) : "");
        }
    }

    /** What the peer does instead of a reply, and what is to be made of it. */
    enum Fault {
        HANGS("", "wait", Kind.TIMEOUT),
        DRIBBLES("", "dribble 1/100ms S: 250 xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", Kind.TIMEOUT),
        DRIBBLES_LINES("250-x\\r\\n", "repeat 100000 S: 250-x\nwait", Kind.PROTOCOL_ERROR),
        CLOSES("", "close", Kind.CONNECTION_LOST),
        RESETS("", "reset", Kind.CONNECTION_LOST),
        CUTS_A_LINE("25", "close", Kind.CONNECTION_LOST),
        CUTS_A_REPLY("250-begun\\r\\n", "close", Kind.CONNECTION_LOST),
        SAYS_NO_CODE("hello there\\r\\n", "wait", Kind.PROTOCOL_ERROR),
        SAYS_A_SHORT_CODE("25\\r\\n", "wait", Kind.PROTOCOL_ERROR),
        SAYS_A_LONG_CODE("2500 ok\\r\\n", "wait", Kind.PROTOCOL_ERROR),
        SAYS_CODE_0("050 ok\\r\\n", "wait", Kind.PROTOCOL_ERROR),
        SAYS_CODE_1("150 ok\\r\\n", "wait", Kind.PROTOCOL_ERROR),
        SAYS_CODE_6("650 ok\\r\\n", "wait", Kind.PROTOCOL_ERROR),
        SAYS_NOTHING("\\r\\n", "wait", Kind.PROTOCOL_ERROR),
        SAYS_BINARY("\\x00\\xff\\x16\\x03\\x01\\n", "wait", Kind.PROTOCOL_ERROR),
        MIXES_CODES("250-one\\r\\n550 two\\r\\n", "wait", Kind.PROTOCOL_ERROR),
        SAYS_AN_ENDLESS_LINE(
                "250 xxxxxxxx", "repeat 100000 S! 250 xxxxxxxxxxxxxxxxxxxxxxxx\nwait", Kind.PROTOCOL_ERROR),
        ASKS_IN_RETURN("399 go on\\r\\n", "wait", Kind.PROTOCOL_ERROR),
        /** A good reply and another one with it. */
        SAYS_TOO_MUCH("250 2.0.0 and more\\r\\n", "wait", Kind.PROTOCOL_ERROR),
        LEAVES(421, "421 4.3.2 going down\\r\\n", "close"),
        REFUSES_FOR_NOW(451, "451 4.3.0 not now\\r\\n", "wait"),
        REFUSES_FOR_GOOD(550, "550 5.7.1 never\\r\\n", "wait"),
        /** CR, NUL, BEL and ESC, the next line of C1, and a change of the direction of writing. */
        FORGES_A_LOG(
                550,
                "550 5.7.1 no\\r250 2.0.0 forged\\x00\\x07\\x1b[2J\\x1b]0;x\\x07 \\xc2\\x85 \\xe2\\x80\\xae\\r\\n",
                "wait"),
        SAYS_NO_UTF8(451, "451 4.3.0 sp\\xe4ter \\xff\\xfe \\xc3\\x28 \\xed\\xa0\\x80\\r\\n", "wait");

        private final String said;
        private final String then;
        private final int code;
        private final Kind kind;

        Fault(String said, String then, Kind kind) {
            this(said, then, 0, kind);
        }

        Fault(int code, String said, String then) {
            this(said, then, code, Kind.REFUSED);
        }

        Fault(String said, String then, int code, Kind kind) {
            this.said = said;
            this.then = then;
            this.code = code;
            this.kind = kind;
        }

        /** The code of what is a reply and a refusal. */
        int code() {
            return code;
        }

        private String steps(Point point) {
            String words = said;
            if (point == Point.BODY) {
                words = "354 go\\r\\n" + (this == DRIBBLES ? "2" : said);
            } else if (this == SAYS_TOO_MUCH) {
                words = point.peer + said;
            }
            return (words.isEmpty() ? "" : "S! " + words + "\n") + then + "\n";
        }

        /** Whether the client may meet with it, or only with something else that has a place of its own. */
        private boolean happensAt(Point point) {
            return switch (this) {
                case HANGS -> point != Point.IDLE && point != Point.BODY;
                case SAYS_TOO_MUCH -> point != Point.BODY;
                default -> true;
            };
        }

        /** Whether nobody waits for the replies to the other commands of the flight then. */
        private boolean endsAFlight() {
            return this != SAYS_TOO_MUCH && (code == 0 || this == LEAVES);
        }

        /** Whether it ends when the client has had enough. Four octets may be the beginning of a record of TLS. */
        boolean isForPatience(Point point) {
            return kind == Kind.TIMEOUT || point == Point.TLS_HANDSHAKE;
        }
    }

    /** What has to become of the message. */
    static Verdict verdict(Cell cell) {
        return cell.layer() == Layer.CHUNKED && cell.fault().code == 0 && cell.fault() != Fault.ASKS_IN_RETURN
                ? Verdict.POSSIBLE_DUPLICATE
                : verdict(cell.point(), cell.fault());
    }

    private static Verdict verdict(Point point, Fault fault) {
        if (point.isAfterwards()) {
            return switch (point) {
                case RSET -> Verdict.FAILED;
                case IDLE -> Verdict.ANOTHER_SESSION;
                default -> Verdict.DELIVERED;
            };
        }
        if (point.isLogin()) {
            return fault.code == 0 ? Verdict.DEFERRED : Verdict.HELD;
        }
        if (!point.isTransaction()) {
            return Verdict.DEFERRED;
        }
        if (point == Point.MAIL_AGAIN && fault != Fault.SAYS_TOO_MUCH && (fault.code == 0 || fault == Fault.LEAVES)) {
            return Verdict.ANOTHER_SESSION;
        }
        if (fault.code > 0) {
            return fault.code < 500 ? Verdict.DEFERRED : Verdict.FAILED;
        }
        if (point == Point.CONFIRMATION) {
            return fault == Fault.SAYS_TOO_MUCH ? Verdict.DELIVERED : Verdict.POSSIBLE_DUPLICATE;
        }
        return Verdict.DEFERRED;
    }

    /** What the session may report; several where the kernel decides which comes first. */
    static Set<Kind> kinds(Point point, Fault fault) {
        if (point == Point.TLS_HANDSHAKE) {
            return EnumSet.of(Kind.TLS_FAILED, Kind.TIMEOUT, Kind.CONNECTION_LOST);
        }
        if (point == Point.STARTTLS && fault == Fault.SAYS_TOO_MUCH) {
            return EnumSet.of(Kind.INJECTION);
        }
        if (point == Point.STARTTLS && fault.code > 0) {
            return EnumSet.of(Kind.TLS_UNAVAILABLE);
        }
        // A reset that is here before the connecting thread looks again makes the connecting itself fail.
        return point == Point.GREETING && fault == Fault.RESETS
                ? EnumSet.of(Kind.CONNECTION_LOST, Kind.CONNECT_FAILED)
                : EnumSet.of(fault.kind);
    }

    /** Where the session may report it. */
    static Set<DeliveryStage> stages(Point point, Fault fault) {
        if (fault == Fault.SAYS_TOO_MUCH) {
            return EnumSet.of(point.next);
        }
        if (point == Point.GREETING && fault == Fault.RESETS) {
            return EnumSet.of(DeliveryStage.BANNER, DeliveryStage.NOT_CONNECTED);
        }
        // The end of the content may have left before anybody could know that nobody takes it.
        return mayBeSeenLate(point, fault)
                ? EnumSet.of(DeliveryStage.BODY, DeliveryStage.CONFIRMATION)
                : EnumSet.of(point.stage);
    }

    /** Whether the peer goes away without a word while content is on its way. */
    static boolean mayBeSeenLate(Point point, Fault fault) {
        return point == Point.BODY && (fault == Fault.CLOSES || fault == Fault.RESETS);
    }

    /** One cell of the matrix. */
    record Cell(Layer layer, Point point, Fault fault) {

        @Override
        public String toString() {
            return layer + " " + point + " " + fault;
        }
    }

    /** Every fault at these points, in every layer. */
    static Stream<Cell> at(Point... points) {
        return Arrays.stream(points)
                .flatMap(point -> Arrays.stream(Layer.values())
                        .flatMap(layer -> Arrays.stream(Fault.values())
                                .filter(fault -> layer.meets(point, fault))
                                .map(fault -> new Cell(layer, point, fault))));
    }
}
