// SPDX-License-Identifier: Apache-2.0
package org.postern.core.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.core.TestClock;
import org.postern.core.sasl.AuthResult;
import org.postern.core.sasl.FakeExchange;
import org.postern.core.sasl.SaslDialogue;
import org.postern.core.smtp.Endpoint;
import org.postern.core.smtp.SessionParameters;
import org.postern.core.smtp.SmtpConnection;
import org.postern.core.smtp.SmtpConnector;
import org.postern.core.smtp.SmtpTimeouts;
import org.postern.core.smtp.TlsPolicy;
import org.postern.core.smtp.WireTap;
import org.postern.peer.MailPeer;
import org.postern.spi.credential.Octets;
import org.postern.spi.policy.InitialResponse;
import org.postern.spi.sasl.SaslExchange;

@Timeout(60)
class TranscriptTest {

    private static final String SECRET = "Correct-Horse-Battery";

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock();
    private final Transcript transcript = new Transcript(clock);

    private AuthResult logIn(String mechanism, SaslExchange exchange, String password) throws Exception {
        try (MailPeer peer = MailPeer.builder()
                        .mechanisms("PLAIN", "LOGIN")
                        .account("alice", password)
                        .start();
                SmtpConnector connector = new SmtpConnector()) {
            Endpoint endpoint = new Endpoint("localhost", InetAddress.getLoopbackAddress(), peer.port(), false);
            SmtpConnection connection = connector.open(
                    new SessionParameters(
                            endpoint,
                            Optional.empty(),
                            "client.test",
                            new TlsPolicy(
                                    TlsPolicy.Level.NEVER,
                                    TlsPolicy.Verification.NONE,
                                    Optional.empty(),
                                    TlsPolicy.Fallback.NONE),
                            true,
                            SmtpTimeouts.all(Duration.ofSeconds(10))),
                    transcript.tap("localhost:587"));
            AuthResult result = SaslDialogue.authenticate(connection, mechanism, exchange, InitialResponse.AUTO);
            connection.quit();
            return result;
        }
    }

    private static SaslExchange plain() {
        return FakeExchange.first(Octets.utf8("\0alice\0" + SECRET));
    }

    private static SaslExchange login() {
        return FakeExchange.serverFirst(Octets.utf8("alice"), Octets.utf8(SECRET));
    }

    private static void assertSafeToPaste(String text) {
        assertThat(text).doesNotContain(SECRET);
        for (String before : List.of("", "x", "xx", "\0alice\0")) {
            String encoded = Base64.getEncoder()
                    .encodeToString((before + SECRET).getBytes(StandardCharsets.UTF_8))
                    .substring(before.length() * 4 / 3 + 4, before.length() * 4 / 3 + 20);
            assertThat(text).doesNotContain(encoded);
        }
    }

    @Test
    void writesADialogueThatIsSafeToPaste() throws Exception {
        Path file = folder.resolve("transcript");
        transcript.recordTo(Optional.of(file));
        assertThat(logIn("PLAIN", plain(), SECRET)).isInstanceOf(AuthResult.Authenticated.class);
        assertThat(logIn("LOGIN", login(), SECRET)).isInstanceOf(AuthResult.Authenticated.class);
        assertThat(logIn("LOGIN", login(), "another")).isInstanceOf(AuthResult.Refused.class);

        String text = Files.readString(file);
        assertThat(text.lines())
                .allMatch(line -> line.startsWith("2026-01-01T00:00:00Z #"))
                .contains("2026-01-01T00:00:00Z #1 -- session with localhost:587")
                .anyMatch(line -> line.matches(".* #1 S: 220 .*"))
                .anyMatch(line -> line.matches(".* #1 C: AUTH PLAIN <redacted, \\d+ octets>"))
                .anyMatch(line -> line.matches(".* #1 S: 235 .*"))
                .anyMatch(line -> line.matches(".* #2 C: <redacted, \\d+ octets>"))
                .anyMatch(line -> line.matches(".* #3 S: 535 .*"));
        assertSafeToPaste(text);
    }

    @Test
    void isForItsOwnerAloneAndAppends() throws Exception {
        Path file = folder.resolve("transcript");
        transcript.recordTo(Optional.of(file));
        transcript.tap("one").note("first");
        transcript.recordTo(Optional.empty());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        transcript.recordTo(Optional.of(file));
        transcript.tap("two").note("second");
        assertThat(Files.readString(file)).contains("first").contains("second");
    }

    @Test
    void recordsNothingUnlessAFileIsNamed() {
        assertThat(transcript.tap("peer")).isSameAs(WireTap.NONE);
    }

    @Test
    void followsAChangeOfTheFile() throws Exception {
        Path before = folder.resolve("before");
        Path after = folder.resolve("after");
        transcript.recordTo(Optional.of(before));
        WireTap session = transcript.tap("peer");
        transcript.recordTo(Optional.of(after));
        session.sent("EHLO x");
        transcript.close();
        session.sent("QUIT");
        assertThat(Files.readString(before)).doesNotContain("EHLO");
        assertThat(Files.readString(after)).contains("C: EHLO x").doesNotContain("QUIT");
    }

    @Test
    void doesWithoutAFileThatCannotBeOpened() throws Exception {
        transcript.recordTo(Optional.of(folder.resolve("no/such/folder/transcript")));
        assertThat(transcript.tap("peer")).isSameAs(WireTap.NONE);
        assertThat(logIn("PLAIN", plain(), SECRET)).isInstanceOf(AuthResult.Authenticated.class);
    }

    @Test
    void givesUpAFileThatCannotBeWrittenAnyMoreAndLetsMailGoOn() throws Exception {
        transcript.recordTo(Optional.of(Path.of("/dev/full")));
        assertThat(logIn("PLAIN", plain(), SECRET)).isInstanceOf(AuthResult.Authenticated.class);
        assertThat(transcript.tap("peer")).isSameAs(WireTap.NONE);
        Path other = folder.resolve("transcript");
        transcript.recordTo(Optional.of(other));
        transcript.tap("peer");
        assertThat(Files.readString(other)).contains("session with peer");
    }
}
