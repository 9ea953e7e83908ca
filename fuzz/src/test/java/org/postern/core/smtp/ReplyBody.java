// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.postern.fuzz.Body;
import org.postern.spi.mail.SmtpReply;

/** Replies until the input is at its end or no reply: within the limits, harmless, and the same however they arrive. */
public final class ReplyBody implements Body {

    private static final byte[] SENT = "AHVzZXIAc2VjcmV0".getBytes(StandardCharsets.US_ASCII);

    @Override
    public void run(byte[] input) throws IOException {
        for (ReplyLimits limits : List.of(ReplyLimits.ORDINARY, ReplyLimits.AUTH)) {
            List<String> atOnce = read(new ByteArrayInputStream(input), limits);
            List<String> inDrops = read(new Drops(input), limits);
            Body.check(atOnce.equals(inDrops), "replies depend on how they are cut into packets");
        }
    }

    private static List<String> read(InputStream in, ReplyLimits limits) throws IOException {
        ReplyParser parser = new ReplyParser(in);
        List<String> seen = new ArrayList<>();
        try {
            while (true) {
                SmtpReply reply = parser.read(limits);
                check(reply, limits);
                seen.add(reply.toString());
            }
        } catch (MalformedReplyException | EOFException end) {
            Body.check(Body.isOneLine(end.getMessage()), "an error shows what the peer sent as it came");
            seen.add(end.getMessage());
        }
        return seen;
    }

    private static void check(SmtpReply reply, ReplyLimits limits) {
        Body.check(reply.lines().size() <= limits.lines(), "more lines than the limit");
        int length = reply.lines().stream().mapToInt(String::length).sum();
        Body.check(length <= limits.octets(), "more text than the limit");
        Body.check(reply.lines().stream().allMatch(Body::isOneLine), "a control character went through");
        reply.enhancedStatusCode()
                .ifPresent(status -> Body.check(
                        status.statusClass() == reply.replyClass(), "an enhanced status code of another class"));
        Body.check(!Echo.dropped(reply, SENT).toString().contains("secret"), "what was sent came back into a text");
    }

    /** One octet at a time. */
    private static final class Drops extends InputStream {
        private final byte[] octets;
        private int at;

        Drops(byte[] octets) {
            this.octets = octets;
        }

        @Override
        public int read() {
            return at < octets.length ? octets[at++] & 0xFF : -1;
        }

        @Override
        public int read(byte[] to, int offset, int length) {
            int octet = length == 0 ? -1 : read();
            if (octet >= 0) {
                to[offset] = (byte) octet;
            }
            return octet < 0 ? -1 : 1;
        }
    }
}
