// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.postern.spi.mail.BodyType;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.SubmittingClient;

/**
 * What a dialogue file says about the client, in its {@code given} remark: words of the form {@code name=value}.
 *
 * @param words the words
 */
record Given(Map<String, String> words) {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String[] NAMES = {"one", "two", "three"};

    static Given of(String text) {
        return new Given(Arrays.stream(text.split(" "))
                .filter(word -> !word.isBlank())
                .map(word -> word.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1])));
    }

    String word(String name, String otherwise) {
        return words.getOrDefault(name, otherwise);
    }

    boolean has(String name) {
        return words.containsKey(name);
    }

    int number(String name, int otherwise) {
        return Integer.parseInt(word(name, Integer.toString(otherwise)));
    }

    SessionParameters parameters(int port, Path caFile) {
        Endpoint endpoint = new Endpoint("localhost", InetAddress.getLoopbackAddress(), port, has("implicit"));
        return new SessionParameters(
                endpoint,
                Optional.empty(),
                "client.example.test",
                policy(caFile),
                has("auth"),
                timeouts(),
                Protocol.ESMTP,
                has("xclient") ? Optional.of(xclient()) : Optional.empty());
    }

    /** Of all that is known of the client its HELO is what the file says. */
    private Xclient xclient() {
        Map<String, String> client = Map.of(
                "xclient_addr",
                word("addr", "192.0.2.1"),
                "xclient_port",
                "49152",
                "xclient_helo",
                word("helo", "pc.example.test"),
                "xclient_proto",
                "ESMTP");
        return new Xclient(word("xclient", "").equals("required"), SubmittingClient.of(client));
    }

    private TlsPolicy policy(Path caFile) {
        return new TlsPolicy(
                TlsPolicy.Level.valueOf(constant(word("tls", "never"))),
                TlsPolicy.Verification.valueOf(constant(word("verification", "none"))),
                Optional.of(caFile),
                fallback());
    }

    private TlsPolicy.Fallback fallback() {
        return switch (word("fallback", "no")) {
            case "no" -> TlsPolicy.Fallback.NONE;
            case "same" -> TlsPolicy.Fallback.SAME_CONNECTION;
            default -> TlsPolicy.Fallback.NEW_CONNECTION;
        };
    }

    private static String constant(String word) {
        return word.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** One step may be made short; the others have time enough for a machine under load. */
    private SmtpTimeouts timeouts() {
        String[] step = word("timeout", "none:0ms").split(":");
        return shortened(step[0], Duration.ofMillis(Long.parseLong(step[1].replace("ms", ""))));
    }

    static SmtpTimeouts shortened(String step, Duration limit) {
        return new SmtpTimeouts(
                step.equals("connect") ? limit : PATIENCE,
                step.equals("greeting") ? limit : PATIENCE,
                step.equals("ehlo") ? limit : PATIENCE,
                step.equals("startTls") ? limit : PATIENCE,
                step.equals("auth") ? limit : PATIENCE,
                step.equals("mail") ? limit : PATIENCE,
                step.equals("rcpt") ? limit : PATIENCE,
                step.equals("data") ? limit : PATIENCE,
                step.equals("block") ? limit : PATIENCE,
                step.equals("confirmation") ? limit : PATIENCE,
                step.equals("rset") ? limit : PATIENCE,
                step.equals("quit") ? limit : PATIENCE);
    }

    TestMessage message() {
        String[] recipients = has("recipient") ? new String[] {word("recipient", "")} : recipients();
        String sender = has("sender") ? null : "sender@example.test";
        TestMessage message = TestMessage.to(recipients);
        Envelope plain = TestMessage.envelope(sender, recipients);
        BodyType body = has("body") ? BodyType.EIGHT_BIT_MIME : BodyType.SEVEN_BIT;
        Envelope envelope = new Envelope(plain.sender(), plain.recipients(), body, false);
        return new TestMessage(envelope, content(message.content()));
    }

    /** Underscores stand for blanks. */
    private byte[] content(byte[] otherwise) {
        return has("content")
                ? lines(number("content", 0))
                : has("text")
                        ? ("Subject: x\r\n\r\n" + word("text", "").replace('_', ' ') + "\r\n")
                                .getBytes(StandardCharsets.US_ASCII)
                        : otherwise;
    }

    private String[] recipients() {
        return Arrays.stream(NAMES)
                .limit(number("recipients", 1))
                .map(name -> name + "@example.test")
                .toArray(String[]::new);
    }

    private static byte[] lines(int size) {
        byte[] lines = new byte[size];
        for (int i = 0; i < size; i++) {
            lines[i] = (byte) (i % 50 == 48 || i == size - 2 ? '\r' : i % 50 == 49 || i == size - 1 ? '\n' : 'x');
        }
        return lines;
    }

    /** The message as the session gets it, perhaps with a fault of our own in it. */
    OutboundMessage outbound(TestMessage message) {
        return new OutboundMessage() {
            @Override
            public Envelope envelope() {
                return message.envelope();
            }

            @Override
            public long size() {
                return message.size() + (has("short") ? 1 : 0);
            }

            @Override
            public boolean mayBeChunked() {
                return message.mayBeChunked() && !has("unchunked");
            }

            @Override
            public InputStream openContent() throws IOException {
                if (has("unopenable")) {
                    throw new IOException("no such file");
                }
                return has("broken") ? broken(number("broken", 0)) : message.openContent();
            }
        };
    }

    private static InputStream broken(int after) {
        InputStream fails = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the disk is gone");
            }
        };
        return new SequenceInputStream(new ByteArrayInputStream(lines(after)), fails);
    }
}
