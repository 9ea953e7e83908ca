// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class ScriptedPeerTest {

    private static final TestAuthority AUTHORITY = TestAuthority.create();

    private static ScriptedPeer play(String text) throws IOException {
        return ScriptedPeer.playText("test.dialogue", text, AUTHORITY, Duration.ofSeconds(5));
    }

    private static ScriptedPeer impatient(String text) throws IOException {
        return ScriptedPeer.playText("test.dialogue", text, AUTHORITY, Duration.ofMillis(200));
    }

    @Test
    void playsADialogueAndKeepsTheContent(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("mail.dialogue"), """
                # one message
                S: 220 mx ready
                C: EHLO *
                S: 250-mx
                S: 250 AUTH PLAIN
                C: AUTH PLAIN <b64 "\\0user\\0secret">
                S: 334 <b64 "Username:">
                C: DATA
                S: 354 go
                C: <content>
                S: 250 ok
                C: QUIT
                S: 221 bye
                """);
        try (ScriptedPeer peer = ScriptedPeer.play(file);
                TestClient client = new TestClient(peer.address())) {
            assertThat(client.reply()).isEqualTo("220 mx ready");
            assertThat(client.ask("EHLO me")).isEqualTo("250-mx\n250 AUTH PLAIN");
            assertThat(client.ask("AUTH PLAIN " + TestClient.base64("\0user\0secret")))
                    .isEqualTo("334 VXNlcm5hbWU6");
            client.ask("DATA");
            assertThat(client.send("..a\r\nb\r\n.\r\n").reply()).isEqualTo("250 ok");
            assertThat(client.ask("QUIT")).isEqualTo("221 bye");
            client.hangUp();
            peer.verify();
            assertThat(peer.contents()).containsExactly(".a\r\nb\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(peer.transcript()).contains("[1] C: EHLO me", "[1] S: 354 go");
        }
    }

    @Test
    void namesLineExpectationAndWhatCame() throws IOException {
        try (ScriptedPeer peer = play("S: 220 mx\nC: AUTH PLAIN <b64 \"\\0user\\0secret\">\n");
                TestClient client = new TestClient(peer.address())) {
            client.reply();
            client.send("AUTH PLAIN " + TestClient.base64("\0user\0wrong") + "\r\n");
            assertThatExceptionOfType(DialogueMismatch.class)
                    .isThrownBy(peer::verify)
                    .withMessageContaining("test.dialogue:2: connection 1")
                    .withMessageContaining("expected  C: AUTH PLAIN <b64 \"\\0user\\0secret\">")
                    .withMessageContaining("came      C: AUTH PLAIN <b64 \"\\0user\\0wrong\">");
        }
    }

    @Test
    void showsACommandAsItCameWhereBase64WasExpected() throws IOException {
        try (ScriptedPeer peer = play("S: 220 mx\nC: <b64 \"secret\">\n");
                TestClient client = new TestClient(peer.address())) {
            client.reply();
            client.send("QUIT\r\n");
            assertThatExceptionOfType(DialogueMismatch.class)
                    .isThrownBy(peer::verify)
                    .withMessageContaining("came      C: QUIT");
        }
    }

    @Test
    void takesABareLfForAMismatch() throws IOException {
        try (ScriptedPeer peer = play("S: 220 mx\nC: NOOP\n");
                TestClient client = new TestClient(peer.address())) {
            client.send("NOOP\n");
            assertThatExceptionOfType(DialogueMismatch.class)
                    .isThrownBy(peer::verify)
                    .withMessageContaining("came      C: NOOP\\n");
        }
    }

    @Test
    void missesAClientThatNeverComes() throws IOException {
        try (ScriptedPeer peer = impatient("S: 220 mx\n")) {
            assertThatExceptionOfType(DialogueMismatch.class)
                    .isThrownBy(peer::verify)
                    .withMessageContaining("0 of 1 connections were, 0 were made");
        }
    }

    @Test
    void missesAClientThatSaysTooLittle() throws IOException {
        try (ScriptedPeer peer = impatient("S: 220 mx\nC: QUIT\n");
                TestClient client = new TestClient(peer.address())) {
            client.reply();
            assertThatExceptionOfType(DialogueMismatch.class).isThrownBy(peer::verify);
        }
    }

    @Test
    void toleratesQuitAfterTheLastLineAndNothingElse() throws IOException {
        try (ScriptedPeer peer = play("S: 220 mx\n--- connection 2\nS: 220 mx\n");
                TestClient polite = new TestClient(peer.address());
                TestClient chatty = new TestClient(peer.address())) {
            polite.reply();
            assertThat(polite.ask("QUIT")).startsWith("221");
            assertThat(polite.line()).isEmpty();
            peer.verify();
            chatty.reply();
            assertThat(chatty.ask("NOOP")).isEmpty();
            assertThatExceptionOfType(DialogueMismatch.class)
                    .isThrownBy(peer::verify)
                    .withMessageContaining("nothing after the last line");
        }
    }

    @Test
    void refusesConnectionsThatAreNotInTheDialogue() throws IOException {
        try (ScriptedPeer peer = play("S: 220 one\n");
                TestClient first = new TestClient(peer.address());
                TestClient second = new TestClient(peer.address())) {
            first.reply();
            assertThat(second.line()).isEmpty();
            assertThatExceptionOfType(DialogueMismatch.class)
                    .isThrownBy(peer::verify)
                    .withMessageContaining("connection 2 was not expected");
        }
    }

    @Test
    void playsFurtherConnectionsAlike() throws IOException {
        try (ScriptedPeer peer = play("S: 220 one\n--- further connections\nS: 421 busy\nclose\n")) {
            for (String greeting : new String[] {"220 one", "421 busy", "421 busy"}) {
                try (TestClient client = new TestClient(peer.address())) {
                    assertThat(client.reply()).isEqualTo(greeting);
                }
            }
            peer.verify();
        }
    }

    @Test
    void speaksTls() throws IOException {
        try (ScriptedPeer peer = play("S: 220 mx\nC: STARTTLS\nS: 220 go\nstarttls good\nC: NOOP\nS: 250 ok\n"
                        + "--- connection 2\ntls good for mx.example.test\nS: 220 hidden\n");
                TestClient client = new TestClient(peer.address())) {
            client.reply();
            client.ask("STARTTLS");
            assertThat(client.startTls(AUTHORITY, "localhost")).isEqualTo("TLSv1.3");
            assertThat(client.ask("NOOP")).isEqualTo("250 ok");
            try (TestClient second = new TestClient(peer.address())) {
                second.startTls(AUTHORITY, "mx.example.test");
                assertThat(second.reply()).isEqualTo("220 hidden");
            }
            peer.verify();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = CertificateVariant.class,
            names = {"WRONG_NAME", "EXPIRED", "NOT_YET_VALID", "SELF_SIGNED", "MISSING_INTERMEDIATE"})
    void showsBadCertificatesAndExpectsThatTheyAreRefused(CertificateVariant variant) throws IOException {
        try (ScriptedPeer peer = play("tls " + variant.keyword() + " refused\n");
                TestClient client = new TestClient(peer.address())) {
            assertThatExceptionOfType(SSLException.class).isThrownBy(() -> client.startTls(AUTHORITY, "localhost"));
            peer.verify();
        }
    }

    @Test
    void catchesAClientThatTakesABadCertificate() throws IOException {
        try (ScriptedPeer peer = play("tls wrong-name refused\n");
                TestClient client = new TestClient(peer.address())) {
            client.startTls(AUTHORITY, "elsewhere.test");
            client.send("EHLO me\r\n");
            assertThatExceptionOfType(DialogueMismatch.class)
                    .isThrownBy(peer::verify)
                    .withMessageContaining("came      C: EHLO me");
        }
    }

    @Test
    void repeatsDribblesAndSendsRawOctets() throws IOException {
        try (ScriptedPeer peer = play("repeat 3 S: 220-x\ndribble 2/1ms S: 220 mx\nS! 250 h\\xffi\\nthere\\r\\n\n");
                TestClient client = new TestClient(peer.address())) {
            assertThat(client.reply()).isEqualTo("220-x\n220-x\n220-x\n220 mx");
            assertThat(client.line()).isEqualTo("250 h\ufffdi");
            assertThat(client.line()).isEqualTo("there");
            peer.verify();
        }
    }

    @Test
    void letsTheClientHangUpDuringAFlood() throws IOException {
        try (ScriptedPeer peer = play("repeat 90000000 S: 220-endless endless endless\nC: NEVER\n");
                TestClient client = new TestClient(peer.address())) {
            client.line();
            client.hangUp();
            peer.verify();
        }
    }

    @Test
    void staysSilentUntilTheClientGivesUp() throws IOException {
        try (ScriptedPeer peer = play("S: 220 mx\nsilence\n");
                TestClient client = new TestClient(peer.address())) {
            client.reply();
            client.send("EHLO me\r\nanything\r\n");
            client.hangUp();
            peer.verify();
        }
    }

    @Test
    void missesAClientThatNeverGivesUp() throws IOException {
        try (ScriptedPeer peer = impatient("S: 220 mx\nwait\n");
                TestClient client = new TestClient(peer.address())) {
            client.reply();
            assertThatExceptionOfType(DialogueMismatch.class).isThrownBy(peer::verify);
            assertThat(client.line()).isEmpty();
        }
    }

    @Test
    void resetsTheConnection() throws IOException {
        try (ScriptedPeer peer = play("C: DATA\nreset\n");
                TestClient client = new TestClient(peer.address())) {
            client.send("DATA\r\n");
            assertThatIOException().isThrownBy(client::line).withMessageContaining("reset");
            peer.verify();
        }
    }

    @Test
    void cutsTheConnectionUnderTls() throws IOException {
        try (ScriptedPeer peer = play("tls good\nS: 250 ok\ncut\n");
                TestClient client = new TestClient(peer.address())) {
            client.startTls(AUTHORITY, "localhost");
            assertThat(client.line()).isEqualTo("250 ok");
            assertThat(client.line()).isEmpty();
            peer.verify();
        }
    }

    @Test
    void countsOctetsAfterBdat() throws IOException {
        try (ScriptedPeer peer = play("C: BDAT 5 LAST\nC: <octets 5>\nS: 250 ok\n");
                TestClient client = new TestClient(peer.address())) {
            assertThat(client.send("BDAT 5 LAST\r\n\r\n.\r\n").reply()).isEqualTo("250 ok");
            peer.verify();
            assertThat(peer.contents()).containsExactly("\r\n.\r\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Test
    void readsEveryLineOfTheExampleInThePackage() {
        assertThatCode(() -> DialogueReader.read("example", "S: 220 mx ready\nC: AUTH PLAIN <b64 \"\\0u\\0s\">\n"))
                .doesNotThrowAnyException();
    }

    @Test
    void leavesNoConnectionOpenAfterClose() throws IOException {
        ScriptedPeer peer = play("S: 220 mx\nC: NEVER\n");
        try (TestClient client = new TestClient(peer.address())) {
            client.reply();
            peer.close();
            assertThat(client.line()).isEmpty();
        }
        assertThatExceptionOfType(DialogueMismatch.class).isThrownBy(peer::verify);
        assertThatIOException().isThrownBy(() -> new TestClient(peer.address()));
    }
}
