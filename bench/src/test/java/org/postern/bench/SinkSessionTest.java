// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SinkSessionTest {

    private final List<String> marked = new ArrayList<>();
    private Duration late = Duration.ZERO;

    @Test
    void marksAMessageOffOnlyAtItsEnd() throws Exception {
        String replies = talk("EHLO x\r\nAUTH PLAIN AGJlbmNoAGJlbmNoLXBhc3N3b3Jk\r\nMAIL FROM:<a@b>\r\n"
                + "RCPT TO:<p1-7@sink.example>\r\nDATA\r\ntext\r\n..\r\n.\r\r\n\r\n.\r\nQUIT\r\n");
        assertThat(replies).contains("235 ", "354 ").endsWith("250 2.0.0 ok\r\n221 2.0.0 bye\r\n");
        assertThat(marked).containsExactly("p1-7@sink.example");
    }

    @Test
    void marksAMessageOffAtItsLastChunk() throws Exception {
        String replies = talk("EHLO x\r\nAUTH PLAIN AGJlbmNoAGJlbmNoLXBhc3N3b3Jk\r\nBDAT 6 LAST\r\nQUIT\r\n"
                + "MAIL FROM:<a@b>\r\nRCPT TO:<p1-7@sink.example>\r\nBDAT 3\r\n.\r\nBDAT 0 LAST\r\nQUIT\r\n");
        assertThat(replies)
                .contains("250-CHUNKING")
                .endsWith("503 5.5.1 no mail\r\n250 2.1.0 ok\r\n250 2.1.5 ok\r\n250 2.0.0 more\r\n"
                        + "250 2.0.0 ok\r\n221 2.0.0 bye\r\n");
        assertThat(marked).containsExactly("p1-7@sink.example");
    }

    @Test
    void knowsManyAccounts() throws Exception {
        assertThat(talk("EHLO x\r\nAUTH PLAIN AGJlbmNoNDIAYmVuY2gtcGFzc3dvcmQ=\r\nQUIT\r\n"))
                .contains("235 ");
    }

    @Test
    void answersNonsenseInBase64() throws Exception {
        assertThat(talk("EHLO x\r\nAUTH PLAIN ?\r\nQUIT\r\n")).contains("535 ");
    }

    @Test
    void losesNoReplyThatIsLate() throws Exception {
        late = Duration.ofMillis(20);
        long began = System.nanoTime();
        assertThat(talk("EHLO x\r\nNOOP\r\nQUIT\r\n")).startsWith("220 ").endsWith("250 2.0.0 ok\r\n221 2.0.0 bye\r\n");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(late);
    }

    @Test
    void takesNoMailWithoutThePassword() throws Exception {
        String replies =
                talk("EHLO x\r\nAUTH PLAIN AGJlbmNoAHdyb25n\r\nMAIL FROM:<a@b>\r\nRCPT TO:<p1-7@sink.example>\r\n"
                        + "DATA\r\nQUIT\r\n");
        assertThat(replies).contains("535 ", "530 ", "503 ").doesNotContain("354");
        assertThat(marked).isEmpty();
    }

    @Test
    void forgetsAMessageThatIsCutOff() throws Exception {
        talk("EHLO x\r\nAUTH PLAIN AGJlbmNoAGJlbmNoLXBhc3N3b3Jk\r\nMAIL FROM:<a@b>\r\nRCPT TO:<p1-7@sink.example>\r\n"
                + "DATA\r\ntext\r\n.");
        assertThat(marked).isEmpty();
    }

    private String talk(String client) throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                Socket socket = new Socket(listener.getInetAddress(), listener.getLocalPort());
                Socket served = listener.accept()) {
            socket.getOutputStream().write(client.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            serve(served);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private void serve(Socket served) {
        try {
            new SinkSession(served, null, late, true, marked::add).run();
        } catch (java.io.IOException cutOff) {
            assertThat(marked).isEmpty();
        }
    }
}
