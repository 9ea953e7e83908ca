// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.send;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.launcher.Captured;
import org.postern.launcher.Home;
import org.postern.launcher.Postern;
import org.postern.peer.MailPeer;
import org.postern.peer.ReceivedMessage;
import org.postern.peer.Stage;

class SendCommandTest {

    private MailPeer relay;
    private Captured captured;

    @BeforeEach
    void start() throws IOException {
        relay = MailPeer.builder().start();
    }

    @AfterEach
    void stop() {
        relay.close();
    }

    private int send(String input, String... arguments) {
        return send(input.getBytes(StandardCharsets.UTF_8), arguments);
    }

    private int send(byte[] input, String... arguments) {
        captured = new Captured(input);
        Map<String, String> environment = Map.of("POSTERN_SERVER", "127.0.0.1:" + relay.port());
        List<String> all = new ArrayList<>(List.of("send"));
        all.addAll(List.of(arguments));
        return new Postern(new Home(Path.of("nowhere")), captured.terminal(), environment)
                .run(all.toArray(String[]::new));
    }

    private ReceivedMessage received() {
        assertThat(captured.err()).isEmpty();
        assertThat(relay.messages()).hasSize(1);
        return relay.messages().getFirst();
    }

    private String content() {
        return new String(received().content(), StandardCharsets.UTF_8);
    }

    @Test
    void handsAMessageOverAndPrintsTheReply() {
        int code = send("Subject: x\n\nHello\n", "-f", "me@a.example", "you@b.example", "them@c.example");

        assertThat(code).isZero();
        assertThat(captured.out()).startsWith("250 ");
        assertThat(received().mailFrom()).isEqualTo("me@a.example");
        assertThat(received().recipients()).containsExactly("you@b.example", "them@c.example");
        assertThat(content()).startsWith("Subject: x\r\n").endsWith("\r\n\r\nHello\r\n");
    }

    @Test
    void addsOnlyWhatIsMissing() {
        String complete = "From: me@a.example\nDate: Mon, 1 Jan 2024 00:00:00 +0000\nMessage-ID: <1@a.example>\n\nx\n";

        assertThat(send(complete, "you@b.example")).isZero();

        assertThat(content()).isEqualTo(complete.replace("\n", "\r\n"));
    }

    @Test
    void addsFromDateAndMessageId() {
        assertThat(send("Subject: x\n\nx\n", "-f", "me@a.example", "you@b.example"))
                .isZero();

        assertThat(content())
                .contains("\r\nFrom: me@a.example\r\n")
                .containsPattern("\r\nDate: [A-Z][a-z]{2}, [0-9]{1,2} [A-Z][a-z]{2} [0-9]{4} ")
                .containsPattern("\r\nMessage-ID: <[^@<>]+@[^@<>]+>\r\n");
    }

    @Test
    void takesRecipientsFromTheHeaderAndRemovesBcc() {
        int code = send(
                "To: A <a@x.example>,\n b@x.example\nCc: c@x.example\nBcc: d@x.example,\n\te@x.example\n\nx\n",
                "-t",
                "-f",
                "me@a.example");

        assertThat(code).isZero();
        assertThat(received().recipients())
                .containsExactly("a@x.example", "b@x.example", "c@x.example", "d@x.example", "e@x.example");
        assertThat(content()).contains("To: A <a@x.example>,\r\n b@x.example").doesNotContain("d@x", "e@x", "Bcc");
    }

    @Test
    void keepsBccWithoutTheOption() {
        assertThat(send("Bcc: d@x.example\n\nx\n", "-f", "me@a.example", "you@b.example"))
                .isZero();

        assertThat(content()).contains("Bcc: d@x.example");
        assertThat(received().recipients()).containsExactly("you@b.example");
    }

    @Test
    void sendsToEachRecipientOnce() {
        assertThat(send("To: a@x.example\nCc: a@x.example\n\nx\n", "-t", "-f", "me@a.example", "a@x.example"))
                .isZero();

        assertThat(received().recipients()).containsExactly("a@x.example");
    }

    @Test
    void takesTheSenderFromTheMessage() {
        assertThat(send("From: \"Me, myself\" <me@a.example>\n\nx\n", "you@b.example"))
                .isZero();

        assertThat(received().mailFrom()).isEqualTo("me@a.example");
    }

    @Test
    void sendsWithoutSenderWhereAsked() {
        assertThat(send("Subject: x\n\nx\n", "-f", "<>", "you@b.example")).isZero();

        assertThat(received().mailFrom()).isEmpty();
    }

    @Test
    void endsAtALoneDot() {
        assertThat(send("Subject: x\n\none\n.\ntwo\n", "-f", "me@a.example", "you@b.example"))
                .isZero();

        assertThat(content()).endsWith("\r\n\r\none\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-i", "-oi"})
    void keepsALoneDotWhereAsked(String option) {
        assertThat(send("Subject: x\n\none\n.\n..\n.two\n", option, "-f", "me@a.example", "you@b.example"))
                .isZero();

        assertThat(content()).endsWith("\r\n\r\none\r\n.\r\n..\r\n.two\r\n");
    }

    @Test
    void takesOptionsOfSendmailThatMeanNothingHere() {
        assertThat(send("Subject: x\n\nx\n", "-bm", "-oem", "-odi", "-FMe", "-fme@a.example", "you@b.example"))
                .isZero();

        assertThat(received().mailFrom()).isEqualTo("me@a.example");
    }

    @Test
    void keepsLinesThatEndWithCrlf() {
        assertThat(send("Subject: x\r\n\r\none\r\ntwo", "-f", "me@a.example", "you@b.example"))
                .isZero();

        assertThat(content()).endsWith("\r\n\r\none\r\ntwo\r\n");
    }

    @Test
    void takesAMessageWithoutHeader() {
        assertThat(send("Just text, no field.\nMore: text\n", "-f", "me@a.example", "you@b.example"))
                .isZero();

        assertThat(content()).startsWith("From: ").endsWith("\r\n\r\nJust text, no field.\r\nMore: text\r\n");
    }

    @Test
    void takesAnEmptyMessage() {
        assertThat(send("", "-f", "me@a.example", "you@b.example")).isZero();

        assertThat(content()).startsWith("From: ").endsWith("\r\n\r\n");
    }

    @Test
    void dropsAnEnvelopeLineOnTop() {
        assertThat(send("From me@a Mon Jan  1\nSubject: x\n\nx\n", "-f", "me@a.example", "you@b.example"))
                .isZero();

        assertThat(content()).startsWith("Subject: x\r\n");
    }

    @Test
    void keepsOctetsBeyondAscii() throws IOException {
        byte[] body = "Subject: \u00fc\n\n\u00fc \u00ff\n".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(send(body, "-f", "me@a.example", "you@b.example")).isZero();

        assertThat(new String(received().content(), StandardCharsets.ISO_8859_1))
                .startsWith("Subject: \u00fc\r\n")
                .endsWith("\r\n\r\n\u00fc \u00ff\r\n");
        assertThat(received().mailParameters()).contains("8BITMIME");
    }

    @Test
    void sendsALargeMessage() {
        String line = "x".repeat(70) + "\n";

        assertThat(send("Subject: x\n\n" + line.repeat(100_000), "-f", "me@a.example", "you@b.example"))
                .isZero();

        assertThat(received().content()).hasSizeGreaterThan(7_200_000);
    }

    @Test
    void refusesAHeaderWithoutEnd() {
        assertThat(send("Subject: x\n" + "X: y\n".repeat(300_000), "you@b.example"))
                .isEqualTo(65);

        assertThat(captured.err()).contains("header is larger");
        assertThat(relay.messages()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"you@b.example\r\nRCPT TO:<x@y>", "you\u0000@b.example", "a>b@c.example"})
    void refusesAnAddressThatCouldEndTheCommand(String address) {
        assertThat(send("Subject: x\n\nx\n", "-f", "me@a.example", address)).isEqualTo(65);

        assertThat(relay.messages()).isEmpty();
    }

    @Test
    void refusesToSendToNobody() {
        assertThat(send("Subject: x\n\nx\n")).isEqualTo(64);
        assertThat(send("Subject: x\n\nx\n", "-t")).isEqualTo(64);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nowhere", "127.0.0.1:", ":25", "127.0.0.1:99999", "127.0.0.1:x"})
    void refusesAServerThatIsNone(String server) {
        assertThat(send("\nx\n", "--server", server, "you@b.example")).isEqualTo(64);

        assertThat(captured.err()).contains("HOST:PORT");
    }

    @Test
    void refusesUnknownOptions() {
        assertThat(send("", "--bogus", "you@b.example")).isEqualTo(64);
    }

    @ParameterizedTest
    @CsvSource({
        "MAIL, 550 5.7.1 not you, 69",
        "RCPT, 550 5.1.1 nobody here, 69",
        "RCPT, 451 4.3.0 later, 75",
        "DATA, 452 4.3.1 full, 75",
        "CONTENT, 554 5.6.0 no, 69",
        "CONTENT, 451 4.3.0 later, 75",
        "CONTENT, 421 4.3.2 going down, 75",
    })
    void tellsRefusalsForGoodFromThoseForNow(Stage stage, String reply, int code) {
        relay.replyAt(stage, "", reply);

        assertThat(send("Subject: x\n\nx\n", "-f", "me@a.example", "you@b.example"))
                .isEqualTo(code);
        assertThat(captured.err()).contains(reply);
        assertThat(captured.out()).isEmpty();
    }

    @Test
    void saysThatTheRelayIsNotThere() throws IOException {
        int free;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = taken.getLocalPort();
        }

        assertThat(send("\nx\n", "--server", "127.0.0.1:" + free, "you@b.example"))
                .isEqualTo(75);

        assertThat(captured.err()).contains("127.0.0.1:" + free);
    }

    @Test
    void explainsItself() {
        assertThat(send("", "--help")).isZero();

        assertThat(captured.out()).contains("-t", "sysexits", "Examples");
    }
}
