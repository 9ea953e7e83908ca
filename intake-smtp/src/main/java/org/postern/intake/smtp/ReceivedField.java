// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.postern.spi.mail.MailAddress;

/** The trace field that is put on top of a message (RFC 5321 section 4.4, RFC 6531 section 4.3). */
final class ReceivedField {

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final Pattern PRINTABLE_NAME = Pattern.compile("[A-Za-z0-9._-]{1,255}|\\[[A-Za-z0-9.:]{2,64}]");

    private final String hostname;
    private final InetAddress peer;

    ReceivedField(String hostname, InetAddress peer) {
        this.hostname = hostname;
        this.peer = peer;
    }

    byte[] write(Hello hello, String id, boolean smtpUtf8, List<MailAddress> recipients, Instant now) {
        StringBuilder field = new StringBuilder("Received: from ");
        field.append(name(hello.name())).append(" (").append(literal()).append(")\r\n\tby ");
        field.append(hostname).append(" with ").append(protocol(hello, smtpUtf8));
        field.append(" id ").append(id);
        // A list of recipients would tell each of them who the others are.
        if (recipients.size() == 1) {
            field.append("\r\n\tfor <").append(recipients.get(0)).append('>');
        }
        field.append(";\r\n\t").append(DATE.format(now)).append("\r\n");
        return field.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String protocol(Hello hello, boolean smtpUtf8) {
        return smtpUtf8 ? "UTF8SMTP" : hello.protocol();
    }

    // The peer chose its name; nothing but a name or a literal gets into the header.
    private static String name(String given) {
        return PRINTABLE_NAME.matcher(given).matches() ? given : "unknown";
    }

    private String literal() {
        String plain = PeerAddress.text(peer);
        return peer instanceof Inet4Address ? "[" + plain + "]" : "[IPv6:" + plain + "]";
    }
}
