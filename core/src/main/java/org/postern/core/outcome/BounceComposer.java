// SPDX-License-Identifier: Apache-2.0
package org.postern.core.outcome;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.mail.Xtext;
import org.postern.spi.spool.SpooledMessage;

/**
 * Writes delivery status notifications (RFC 3464 in RFC 6522's {@code multipart/report}). Everything that a peer said is
 * reduced to printable ASCII first.
 */
@Singleton
public final class BounceComposer {

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT);
    private static final int LINE = 900;

    private final Clock clock;

    /** @param clock dates the notification */
    @Inject
    public BounceComposer(Clock clock) {
        this.clock = clock;
    }

    /**
     * The notification, ready to be submitted with the null reverse-path.
     *
     * @param reporter this machine's name
     * @param sender whom it is for
     * @param message the message that it is about
     * @param report what it says
     * @param original what comes back of the message; nothing where it is lost
     */
    public byte[] compose(
            String reporter, MailAddress sender, SpooledMessage message, Report report, Optional<Original> original) {
        String boundary = "postern-" + message.id() + "-" + Long.toString(clock.millis(), Character.MAX_RADIX);
        StringBuilder text = new StringBuilder();
        heading(text, reporter, sender, boundary, message, report);
        explanation(text, boundary, reporter, message, report, original.isPresent());
        status(text, boundary, reporter, message, report);
        original.ifPresent(part -> returned(text, boundary, part));
        text.append("--").append(boundary).append("--\r\n");
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /**
     * What comes back of a message.
     *
     * @param octets its header, or all of it
     * @param whole which of the two
     */
    public record Original(byte[] octets, boolean whole) {

        private String type() {
            return whole ? "message/rfc822" : "text/rfc822-headers";
        }
    }

    private void heading(
            StringBuilder text,
            String reporter,
            MailAddress sender,
            String boundary,
            SpooledMessage message,
            Report report) {
        Instant now = clock.instant();
        field(text, "From", "Mail Delivery System <MAILER-DAEMON@" + reporter + ">");
        field(text, "To", "<" + ascii(sender.toString()) + ">");
        field(text, "Subject", report.subject());
        field(text, "Date", date(now));
        field(text, "Message-ID", "<" + message.id() + ".dsn." + now.toEpochMilli() + "@" + reporter + ">");
        field(text, "Auto-Submitted", "auto-replied");
        field(text, "MIME-Version", "1.0");
        field(text, "Content-Type", "multipart/report; report-type=delivery-status;\r\n boundary=\"" + boundary + "\"");
        text.append("\r\n");
    }

    private static void explanation(
            StringBuilder text,
            String boundary,
            String reporter,
            SpooledMessage message,
            Report report,
            boolean readable) {
        text.append("--").append(boundary).append("\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n");
        text.append("This is the mail system at ").append(reporter).append(".\r\n\r\n");
        text.append(report.opening()).append("\r\n\r\n");
        for (ReportedRecipient one : report.recipients()) {
            text.append("<").append(ascii(one.address().toString())).append(">\r\n    ");
            text.append(ascii(one.reason())).append("\r\n");
        }
        if (!readable) {
            text.append("\r\nThe message itself could not be read any more, so nothing of it is attached.\r\n");
            text.append("It was accepted here as ").append(message.id()).append(" on ");
            text.append(date(message.received())).append(".\r\n");
        }
        text.append("\r\n");
    }

    private static void status(
            StringBuilder text, String boundary, String reporter, SpooledMessage message, Report report) {
        text.append("--").append(boundary).append("\r\nContent-Type: message/delivery-status\r\n\r\n");
        message.envelope()
                .dsn()
                .envelopeId()
                .ifPresent(id -> field(text, "Original-Envelope-Id", ascii(Xtext.decode(id))));
        field(text, "Reporting-MTA", "dns; " + reporter);
        field(text, "Arrival-Date", date(message.received()));
        field(text, "X-Postern-Message", message.id().value());
        for (ReportedRecipient one : report.recipients()) {
            text.append("\r\n");
            one.original().ifPresent(named -> field(text, "Original-Recipient", original(named)));
            field(text, "Final-Recipient", "rfc822; " + ascii(one.address().toString()));
            field(text, "Action", report.action());
            field(text, "Status", one.statusCode().toString());
            one.reply().ifPresent(reply -> field(text, "Diagnostic-Code", "smtp; " + ascii(reply.toString())));
            if (report instanceof Report.Delayed delayed) {
                field(text, "Will-Retry-Until", date(delayed.retriedUntil()));
            }
        }
        text.append("\r\n");
    }

    // RFC 6522 section 3: this part may be left out.
    private static void returned(StringBuilder text, String boundary, Original original) {
        text.append("--").append(boundary).append("\r\nContent-Type: ").append(original.type());
        text.append("\r\nContent-Transfer-Encoding: 8bit\r\n\r\n");
        text.append(new String(original.octets(), StandardCharsets.ISO_8859_1)).append("\r\n");
    }

    // RFC 3464 section 2.3.1: the type, and the address without its encoding.
    private static String original(String named) {
        int semicolon = named.indexOf(';');
        return named.substring(0, semicolon) + "; " + ascii(Xtext.decode(named.substring(semicolon + 1)));
    }

    private static String date(Instant instant) {
        return DATE.format(ZonedDateTime.ofInstant(instant, ZoneOffset.UTC));
    }

    private static void field(StringBuilder text, String name, String value) {
        text.append(name).append(": ").append(value).append("\r\n");
    }

    private static String ascii(String text) {
        StringBuilder safe = new StringBuilder();
        text.codePoints().limit(LINE).forEach(c -> safe.append(c < 0x20 || c > 0x7e ? '?' : (char) c));
        return safe.toString();
    }
}
