// SPDX-License-Identifier: Apache-2.0
package org.postern.core.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postern.core.queue.Messages;
import org.postern.spi.mail.DeliveryOutcome.Deferred;
import org.postern.spi.mail.DeliveryOutcome.Failed;
import org.postern.spi.mail.DeliveryStage;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.mail.SmtpReply;

class BounceComposerTest {

    private static final String HEADER = "Subject: hello\r\nX-Evil: \u00e9\r\n";

    private final BounceComposer composer =
            new BounceComposer(Clock.fixed(Instant.parse("2026-01-03T00:00:00Z"), ZoneOffset.UTC));

    private static final BounceComposer.Original ORIGINAL =
            new BounceComposer.Original(HEADER.getBytes(StandardCharsets.ISO_8859_1), false);

    private String compose(String reason, Optional<SmtpReply> reply) {
        return compose(reason, reply, Optional.of(ORIGINAL));
    }

    private String compose(String reason, Optional<SmtpReply> reply, Optional<BounceComposer.Original> original) {
        MailAddress recipient = MailAddress.parse("bob@example.net");
        byte[] text = composer.compose(
                "relay.example.org",
                MailAddress.parse("sender@example.org"),
                Messages.to("m1", "bob@example.net"),
                new Report.Failed(
                        List.of(ReportedRecipient.of(recipient, new Failed(DeliveryStage.RCPT, reason, reply)))),
                original);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    @Test
    void reportsStatusAndDiagnosticsOfThePeer() {
        String text = compose("550 no", Optional.of(new SmtpReply(550, List.of("5.1.1 no such user"))));
        assertThat(text)
                .contains("Content-Type: multipart/report; report-type=delivery-status;")
                .contains("Final-Recipient: rfc822; bob@example.net\r\n")
                .contains("Action: failed\r\n")
                .contains("Status: 5.1.1\r\n")
                .contains("Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n")
                .contains("Auto-Submitted: auto-replied\r\n");
    }

    @Test
    void takesTheStatusFromTheReasonWhereNoPeerSpoke() {
        assertThat(compose("5.4.7 message expired", Optional.empty())).contains("Status: 5.4.7\r\n");
        assertThat(compose("something", Optional.empty())).contains("Status: 5.0.0\r\n");
    }

    @Test
    void saysOfMailThatIsLateHowLongItWillBeTried() {
        ReportedRecipient late = ReportedRecipient.late(
                        MailAddress.parse("bob@example.net"),
                        new Deferred(DeliveryStage.RCPT, "451 4.3.0 not now", Optional.empty(), false))
                .orElseThrow();
        byte[] text = composer.compose(
                "relay.example.org",
                MailAddress.parse("sender@example.org"),
                Messages.to("m1", "bob@example.net"),
                new Report.Delayed(List.of(late), Instant.parse("2026-01-05T00:00:00Z")),
                Optional.of(ORIGINAL));
        assertThat(new String(text, StandardCharsets.ISO_8859_1))
                .contains("Subject: Delayed mail (still being tried)\r\n")
                .contains("Action: delayed\r\n", "Status: 4.0.0\r\n")
                .contains("Will-Retry-Until: Mon, 5 Jan 2026 00:00:00 +0000\r\n")
                .contains("You need not send it again");
    }

    @Test
    void returnsTheHeaderOctetForOctet() {
        assertThat(compose("x", Optional.empty())).contains("\r\n\r\n" + HEADER);
    }

    @Test
    void namesTheMessageThatItIsAbout() {
        assertThat(compose("x", Optional.empty()))
                .containsPattern("Arrival-Date: [^\r]+\r\nX-Postern-Message: m1\r\n\r\nFinal-Recipient: ")
                .doesNotContain("could not be read");
    }

    @Test
    void saysThatTheMessageIsLostWhereNothingOfItComesBack() {
        String text = compose("5.4.7 message expired", Optional.empty(), Optional.empty());
        String boundary = text.substring(text.indexOf("boundary=\"") + 10, text.indexOf("\"\r\n\r\n"));
        assertThat(text)
                .contains("The message itself could not be read any more", "accepted here as m1 on ")
                .contains("\r\nX-Postern-Message: m1\r\n", "Final-Recipient: rfc822; bob@example.net\r\n")
                .doesNotContain("rfc822-headers")
                .endsWith("\r\n--" + boundary + "--\r\n");
        assertThat(text.split("--" + boundary + "\r\n"))
                .as("what comes before, and two parts")
                .hasSize(3);
    }

    @Test
    void letsNothingOfAPeerBecomeAField() {
        String text = compose(
                "550 no\r\nX-Injected: yes",
                Optional.of(new SmtpReply(550, List.of("a\r\nX-Injected: yes\u001b[31m"))));
        assertThat(text).doesNotContain("\r\nX-Injected").doesNotContain("\u001b");
    }

    @Test
    void endsEveryLineWithCrlf() {
        assertThat(compose("x", Optional.empty()).replace("\r\n", "")).doesNotContain("\r", "\n");
    }
}
