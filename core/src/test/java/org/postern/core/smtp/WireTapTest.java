// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.core.sasl.FakeExchange;
import org.postern.core.sasl.SaslDialogue;
import org.postern.core.smtp.TlsPolicy.Level;
import org.postern.core.smtp.TlsPolicy.Verification;
import org.postern.peer.ScriptedPeer;
import org.postern.peer.TestAuthority;
import org.postern.spi.credential.Octets;
import org.postern.spi.policy.InitialResponse;

class WireTapTest {

    private static final String SECRET = "Correct-Horse-Battery";

    @TempDir
    Path folder;

    /** Keeps what it hears. */
    private static final class Recorder implements WireTap {
        private final List<String> lines = new ArrayList<>();

        @Override
        public void sent(String line) {
            lines.add("C: " + line);
        }

        @Override
        public void received(String line) {
            lines.add("S: " + line);
        }

        @Override
        public void note(String text) {
            lines.add("# " + text);
        }
    }

    private List<String> record(String dialogue, String mechanism, FakeExchange exchange) throws Exception {
        Recorder recorder = new Recorder();
        TestAuthority authority = TestAuthority.create();
        TlsPolicy tls = new TlsPolicy(
                Level.REQUIRED,
                Verification.HOST,
                Optional.of(authority.writeRootPem(folder.resolve("ca"))),
                TlsPolicy.Fallback.NONE);
        try (ScriptedPeer peer = ScriptedPeer.playText("tap", dialogue, authority, Duration.ofSeconds(10));
                SmtpConnector connector = new SmtpConnector()) {
            Endpoint endpoint = new Endpoint("localhost", InetAddress.getLoopbackAddress(), peer.port(), false);
            SessionParameters parameters = new SessionParameters(
                    endpoint, Optional.empty(), "client.test", tls, true, SmtpTimeouts.all(Duration.ofSeconds(10)));
            SmtpConnection connection = connector.open(parameters, recorder);
            SaslDialogue.authenticate(connection, mechanism, exchange, InitialResponse.AUTO);
            connection.send(TestMessage.to("one@example.test"));
            connection.quit();
            peer.verify();
        }
        return recorder.lines;
    }

    private static final String BEGINNING = "S: 220 mx\nC: EHLO *\nS: 250-mx\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go\n"
            + "starttls good\nC: EHLO *\nS: 250-mx\nS: 250 AUTH PLAIN LOGIN\n";
    private static final String MESSAGE = "C: MAIL FROM:*\nS: 250 ok\nC: RCPT TO:*\nS: 250 ok\nC: DATA\nS: 354 go\n"
            + "C: <content>\nS: 250 queued\nC: QUIT\nS: 221 bye\n";

    @Test
    void hearsEverythingButResponsesAndContent() throws Exception {
        FakeExchange plain = FakeExchange.first(Octets.utf8("\0user\0" + SECRET));
        List<String> lines = record(BEGINNING + "C: AUTH PLAIN *\nS: 235 in\n" + MESSAGE, "PLAIN", plain);
        assertThat(lines)
                .containsSubsequence(
                        "S: 220 mx",
                        "C: EHLO client.test",
                        "S: 250-mx",
                        "S: 250 STARTTLS",
                        "C: STARTTLS",
                        "S: 220 go",
                        "C: EHLO client.test",
                        "C: AUTH PLAIN <redacted, 36 octets>",
                        "S: 235 in",
                        "C: MAIL FROM:<sender@example.test>",
                        "C: DATA",
                        "S: 354 go",
                        "# content of 50 octets sent",
                        "S: 250 queued",
                        "C: QUIT",
                        "S: 221 bye");
        assertThat(lines)
                .anySatisfy(line -> assertThat(line).startsWith("# TLS TLSv1.3").contains("trusted"));
        requireNoSecret(lines);
    }

    @Test
    void hearsSizesOnlyBetweenAuthAndItsFinalReply() throws Exception {
        FakeExchange login = FakeExchange.serverFirst(Octets.utf8("user"), Octets.utf8(SECRET));
        String echo = Base64.getEncoder().encodeToString(SECRET.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        String dialogue = "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: *\nS: 334 " + echo + "\nC: *\nS: 235 in\n";
        List<String> lines = record(BEGINNING + dialogue + MESSAGE, "LOGIN", login);
        assertThat(lines)
                .containsSubsequence(
                        "C: AUTH LOGIN",
                        "S: 334 <redacted, 12 octets>",
                        "C: <redacted, 8 octets>",
                        "S: 334 <redacted, 28 octets>",
                        "C: <redacted, 28 octets>",
                        "S: 235 in");
        requireNoSecret(lines);
    }

    private static void requireNoSecret(List<String> lines) throws IOException {
        String all = String.join("\n", lines);
        assertThat(all).doesNotContain(SECRET, "Q29ycmVjdC", "NvcnJlY3Qt", "Db3JyZWN0", "a line with a dot");
    }
}
