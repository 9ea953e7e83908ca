// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.mail.BodyType;
import org.postern.spi.mail.DsnRequest;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.mail.SmtpReply;

class SmtpCommandTest {

    private static String wire(SmtpCommand command) {
        return new String(command.octets(), StandardCharsets.UTF_8);
    }

    private static Capabilities capabilities(String... lines) {
        List<String> reply = new java.util.ArrayList<>(List.of("mx"));
        reply.addAll(List.of(lines));
        return Capabilities.of(new SmtpReply(250, reply));
    }

    @Test
    void writesMailWithTheParametersThatApply() {
        Envelope plain = TestMessage.envelope("a@b.test", "c@d.test");
        assertThat(wire(SmtpCommand.mail(plain, 7, Capabilities.NONE, false))).isEqualTo("MAIL FROM:<a@b.test>\r\n");
        assertThat(wire(SmtpCommand.mail(plain, 7, capabilities("SIZE 100", "8BITMIME", "SMTPUTF8"), false)))
                .isEqualTo("MAIL FROM:<a@b.test> SIZE=7\r\n");
        Envelope eight = new Envelope(plain.sender(), plain.recipients(), BodyType.EIGHT_BIT_MIME, true);
        assertThat(wire(SmtpCommand.mail(eight, 7, capabilities("SIZE"), true)))
                .isEqualTo("MAIL FROM:<a@b.test> SIZE=7 BODY=8BITMIME SMTPUTF8\r\n");
    }

    @Test
    void tellsWhatTheSenderWantsToHearWhereThePeerCanTellIt() {
        Envelope plain = TestMessage.envelope("a@b.test", "c@d.test", "e@d.test");
        Envelope wishing = new Envelope(
                plain.sender(),
                plain.recipients(),
                plain.bodyType(),
                false,
                new DsnRequest(
                        Optional.of(DsnRequest.Return.HDRS),
                        Optional.of("x+2By"),
                        List.of(
                                DsnRequest.Recipient.NONE,
                                new DsnRequest.Recipient(
                                        Set.of(DsnRequest.Notify.DELAY, DsnRequest.Notify.SUCCESS),
                                        Optional.of("rfc822;old@d.test")))));
        Capabilities dsn = capabilities("DSN");
        assertThat(wire(SmtpCommand.mail(wishing, 7, dsn, false)))
                .isEqualTo("MAIL FROM:<a@b.test> RET=HDRS ENVID=x+2By\r\n");
        assertThat(wire(SmtpCommand.rcpt(wishing, 0, dsn))).isEqualTo("RCPT TO:<c@d.test>\r\n");
        assertThat(wire(SmtpCommand.rcpt(wishing, 1, dsn)))
                .isEqualTo("RCPT TO:<e@d.test> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;old@d.test\r\n");
        assertThat(wire(SmtpCommand.mail(wishing, 7, Capabilities.NONE, false))).isEqualTo("MAIL FROM:<a@b.test>\r\n");
        assertThat(wire(SmtpCommand.rcpt(wishing, 1, Capabilities.NONE))).isEqualTo("RCPT TO:<e@d.test>\r\n");
    }

    @Test
    void hasRoomForTheLongestWishes() {
        Envelope plain = TestMessage.envelope("s@b.test", "c".repeat(64) + "@" + "d".repeat(255));
        Envelope wishing = new Envelope(
                plain.sender(),
                plain.recipients(),
                plain.bodyType(),
                true,
                new DsnRequest(
                        Optional.empty(),
                        Optional.empty(),
                        List.of(new DsnRequest.Recipient(
                                Set.of(DsnRequest.Notify.DELAY, DsnRequest.Notify.SUCCESS, DsnRequest.Notify.FAILURE),
                                Optional.of("utf-8;" + "\u20ac".repeat(494))))));
        assertThat(wire(SmtpCommand.rcpt(wishing, 0, capabilities("DSN")))).endsWith("\u20ac\r\n");
    }

    @Test
    void writesTheNullReversePath() {
        Envelope bounce =
                new Envelope(Optional.empty(), List.of(MailAddress.parse("a@b.test")), BodyType.SEVEN_BIT, false);
        assertThat(wire(SmtpCommand.mail(bounce, 7, Capabilities.NONE, false))).isEqualTo("MAIL FROM:<>\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\u760D\u760A", "\u010D\u010A", "\u0100", "\u2028", "\u2029", "\uD83D\uDE00", "\u560D\u560Ax"})
    void carriesNoLineEndThatTruncationWouldMake(String hostile) {
        SmtpCommand command =
                SmtpCommand.rcpt(TestMessage.envelope("s@b.test", "a" + hostile + "@b.test"), 0, Capabilities.NONE);
        byte[] octets = command.octets();
        for (int i = 0; i < octets.length - 2; i++) {
            assertThat(octets[i] >= 0 && octets[i] < 0x20).isFalse();
        }
        assertThat(wire(command)).isEqualTo("RCPT TO:<a" + hostile + "@b.test>\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\rb", "a\nb", "a\r\nRCPT TO:<x@y>", "a\0b", "a\tb", "a\u007fb", "\u001b[2J"})
    void refusesControlCharacters(String hostile) {
        assertThatThrownBy(() -> SmtpCommand.ehlo(hostile)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SmtpCommand.helo(hostile)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SmtpCommand.auth(hostile, null)).isInstanceOf(IllegalArgumentException.class);
        byte[] octets = hostile.getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> SmtpCommand.auth("PLAIN", octets)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SmtpCommand.response(octets)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void keepsLinesWithinTheirLimit() {
        assertThat(SmtpCommand.ehlo("x".repeat(505)).octets()).hasSize(512);
        assertThatThrownBy(() -> SmtpCommand.ehlo("x".repeat(506))).isInstanceOf(IllegalArgumentException.class);
        byte[] response = "A".repeat(16_384 - 13).getBytes(StandardCharsets.US_ASCII);
        assertThat(SmtpCommand.auth("PLAIN", response).octets()).hasSize(16_384);
        byte[] longer = "A".repeat(16_384 - 12).getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> SmtpCommand.auth("PLAIN", longer)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void printsResponsesBySizeOnly() {
        byte[] secret = "AHVzZXIAc2VjcmV0".getBytes(StandardCharsets.US_ASCII);
        assertThat(SmtpCommand.auth("PLAIN", secret)).hasToString("AUTH PLAIN <redacted, 16 octets>");
        assertThat(SmtpCommand.response(secret)).hasToString("<redacted, 16 octets>");
        assertThat(SmtpCommand.auth("LOGIN", null)).hasToString("AUTH LOGIN");
    }

    @Test
    void forgetsWhenWiped() {
        SmtpCommand command = SmtpCommand.response("c2VjcmV0".getBytes(StandardCharsets.US_ASCII));
        command.wipe();
        assertThat(command.octets()).containsOnly(0);
    }

    @Test
    void refusesToMakeAnOpenSessionOutOfAHostileName() {
        Given given = Given.of("");
        SessionParameters good = given.parameters(25, java.nio.file.Path.of("ca.pem"));
        for (String name : List.of("", "a b", "a\r\nMAIL", "a\u760Db", "x".repeat(256))) {
            assertThatThrownBy(() -> new SessionParameters(
                            good.endpoint(), good.source(), name, good.tls(), false, good.timeouts()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
