// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.postern.spi.mail.BodyType;
import org.postern.spi.mail.DsnRequest;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MailAddress;

/**
 * One line that this side sends. There is no other source of command lines: what is here holds exactly one line, and no
 * control character came into it from anywhere.
 */
final class SmtpCommand {

    static final SmtpCommand STARTTLS = plain("STARTTLS");
    static final SmtpCommand DATA = plain("DATA");
    static final SmtpCommand RSET = plain("RSET");
    static final SmtpCommand QUIT = plain("QUIT");
    static final SmtpCommand END = plain(".");

    private static final String DSN = "DSN";

    // What SIZE (RFC 1870), BODY (RFC 6152), SMTPUTF8 (RFC 6531), RET and ENVID (RFC 3461) add to a MAIL line.
    private static final int MAIL_ALLOWANCE = 26 + 17 + 10 + 9 + 107;

    // What NOTIFY and ORCPT (RFC 3461) add to a RCPT line, an ORCPT beyond ASCII (RFC 6533) included.
    private static final int RCPT_ALLOWANCE = 29 + 7 + 3 * 500;

    private final byte[] octets;
    private final String shown;

    private SmtpCommand(byte[] octets, String shown) {
        this.octets = octets;
        this.shown = shown;
    }

    static SmtpCommand ehlo(String name) {
        return plain("EHLO " + name);
    }

    static SmtpCommand lhlo(String name) {
        return plain("LHLO " + name);
    }

    static SmtpCommand helo(String name) {
        return plain("HELO " + name);
    }

    /** XCLIENT with attributes that are encoded already. */
    static SmtpCommand xclient(List<String> attributes) {
        return plain("XCLIENT " + String.join(" ", attributes));
    }

    /** MAIL with the parameters that the message needs and the peer knows. */
    static SmtpCommand mail(Envelope envelope, long size, Capabilities capabilities, boolean smtpUtf8) {
        StringBuilder line = new StringBuilder(96);
        line.append("MAIL FROM:<").append(envelope.senderText()).append('>');
        if (capabilities.has("SIZE")) {
            line.append(" SIZE=").append(size);
        }
        if (envelope.bodyType() == BodyType.EIGHT_BIT_MIME) {
            line.append(" BODY=8BITMIME");
        }
        if (smtpUtf8) {
            line.append(" SMTPUTF8");
        }
        if (capabilities.has(DSN)) {
            envelope.dsn().returned().ifPresent(what -> line.append(" RET=").append(what));
            envelope.dsn().envelopeId().ifPresent(id -> line.append(" ENVID=").append(id));
        }
        return of(line.toString(), SaslWire.MAX_COMMAND_OCTETS + MAIL_ALLOWANCE);
    }

    /** RCPT for the recipient at a position of the envelope. */
    static SmtpCommand rcpt(Envelope envelope, int index, Capabilities capabilities) {
        MailAddress recipient = envelope.recipients().get(index);
        StringBuilder line = new StringBuilder(64);
        line.append("RCPT TO:<").append(recipient).append('>');
        if (!capabilities.has(DSN)) {
            return plain(line.toString());
        }
        DsnRequest.Recipient wish = envelope.dsn().recipient(index);
        if (!wish.notifyOn().isEmpty()) {
            line.append(" NOTIFY=")
                    .append(wish.notifyOn().stream().map(Enum::name).collect(Collectors.joining(",")));
        }
        wish.original().ifPresent(address -> line.append(" ORCPT=").append(address));
        return of(line.toString(), SaslWire.MAX_COMMAND_OCTETS + RCPT_ALLOWANCE);
    }

    /** BDAT for content that follows whole (RFC 3030 section 2). */
    static SmtpCommand bdat(long octets) {
        return plain("BDAT " + octets + " LAST");
    }

    /** AUTH, with a response in base64 or without one. */
    static SmtpCommand auth(String mechanism, byte[] response) {
        byte[] start = checked("AUTH " + mechanism + (response == null ? "" : " "), SaslWire.MAX_COMMAND_OCTETS);
        String shown = new String(start, StandardCharsets.UTF_8);
        return response == null
                ? new SmtpCommand(line(start, new byte[0]), shown)
                : secret(start, response, SaslWire.MAX_LINE_OCTETS, shown + redacted(response.length));
    }

    /** The answer to a challenge, in base64. */
    static SmtpCommand response(byte[] response) {
        return secret(new byte[0], response, SaslWire.MAX_LINE_OCTETS, redacted(response.length));
    }

    /** The way out of an AUTH exchange. */
    static SmtpCommand cancel() {
        return plain("*");
    }

    static String redacted(int octets) {
        return "<redacted, " + octets + " octets>";
    }

    private static SmtpCommand secret(byte[] start, byte[] rest, int limit, String shown) {
        check(rest, limit - start.length);
        return new SmtpCommand(line(start, rest), shown);
    }

    private static SmtpCommand plain(String line) {
        return of(line, SaslWire.MAX_COMMAND_OCTETS);
    }

    private static SmtpCommand of(String line, int limit) {
        return new SmtpCommand(line(checked(line, limit), new byte[0]), line);
    }

    private static byte[] checked(String line, int limit) {
        byte[] octets = line.getBytes(StandardCharsets.UTF_8);
        check(octets, limit);
        return octets;
    }

    private static void check(byte[] octets, int limit) {
        if (octets.length + 2 > limit) {
            throw new IllegalArgumentException(
                    "a command line of " + (octets.length + 2) + " octets, at most " + limit + " are allowed");
        }
        for (byte octet : octets) {
            // Octets above 127 are negative here, and part of UTF-8.
            if (octet == 0x7F || (octet >= 0 && octet < 0x20)) {
                throw new IllegalArgumentException("a command line cannot hold control characters");
            }
        }
    }

    private static byte[] line(byte[] start, byte[] rest) {
        byte[] line = Arrays.copyOf(start, start.length + rest.length + 2);
        System.arraycopy(rest, 0, line, start.length, rest.length);
        line[line.length - 2] = '\r';
        line[line.length - 1] = '\n';
        return line;
    }

    /** The octets that go on the wire, CRLF included; not a copy. */
    byte[] octets() {
        return octets;
    }

    /** Forgets what was in it. */
    void wipe() {
        Arrays.fill(octets, (byte) 0);
    }

    /** The line without its end, a response by its size only. */
    @Override
    public String toString() {
        return shown;
    }
}
