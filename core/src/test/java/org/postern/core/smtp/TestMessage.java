// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.postern.spi.mail.BodyType;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MailAddress;

/** A message in memory. */
record TestMessage(Envelope envelope, byte[] content) implements OutboundMessage {

    private static final String TEXT = "Subject: hello\r\n\r\n.a line with a dot\r\n..\r\n.\r\nend\r\n";

    static TestMessage to(String... recipients) {
        return new TestMessage(envelope("sender@example.test", recipients), TEXT.getBytes(StandardCharsets.UTF_8));
    }

    static Envelope envelope(String sender, String... recipients) {
        return new Envelope(
                Optional.ofNullable(sender).map(MailAddress::parse),
                List.of(recipients).stream().map(MailAddress::parse).toList(),
                BodyType.SEVEN_BIT,
                false);
    }

    TestMessage with(byte[] octets) {
        return new TestMessage(envelope, octets);
    }

    @Override
    public long size() {
        return content.length;
    }

    @Override
    public boolean mayBeChunked() {
        return true;
    }

    @Override
    public InputStream openContent() throws IOException {
        return new ByteArrayInputStream(content);
    }
}
