// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class MailPeerTest {

    private static final TestAuthority AUTHORITY = TestAuthority.create();

    private static MailPeer.Builder guarded() {
        return MailPeer.builder()
                .startTls(AUTHORITY.issue(CertificateVariant.GOOD))
                .requireTls()
                .requireAuth()
                .mechanisms("PLAIN", "LOGIN")
                .account("user", "sécret");
    }

    private static TestClient greeted(MailPeer peer) throws IOException {
        TestClient client = new TestClient(peer.address());
        assertThat(client.reply()).startsWith("220 ");
        assertThat(client.ask("EHLO me")).startsWith("250-");
        return client;
    }

    private static TestClient underTls(MailPeer peer) throws IOException {
        TestClient client = greeted(peer);
        assertThat(client.ask("STARTTLS")).startsWith("220 ");
        client.startTls(AUTHORITY, "localhost");
        assertThat(client.ask("EHLO me"))
                .startsWith("250-")
                .contains("AUTH PLAIN LOGIN")
                .doesNotContain("STARTTLS");
        return client;
    }

    private static String plain(String user, String password) {
        return "AUTH PLAIN " + TestClient.base64("\0" + user + "\0" + password);
    }

    private static String deliver(TestClient client, String content) throws IOException {
        client.ask("MAIL FROM:<a@example.test> SIZE=5");
        client.ask("RCPT TO:<b@example.test>");
        client.ask("DATA");
        return client.send(content + ".\r\n").reply();
    }

    @Test
    void takesMailAfterStartTlsAndPlain() throws IOException {
        try (MailPeer peer = guarded().start();
                TestClient client = underTls(peer)) {
            assertThat(client.ask(plain("user", "sécret"))).startsWith("235 ");
            assertThat(deliver(client, "Subject: x\r\n\r\n..hi\r\n")).startsWith("250 ");
            assertThat(client.ask("QUIT")).startsWith("221 ");

            ReceivedMessage message = peer.messages().getFirst();
            assertThat(message.user()).contains("user");
            assertThat(message.mechanism()).contains("PLAIN");
            assertThat(message.tlsProtocol()).contains("TLSv1.3");
            assertThat(message.mailFrom()).isEqualTo("a@example.test");
            assertThat(message.mailParameters()).isEqualTo("SIZE=5");
            assertThat(message.recipients()).containsExactly("b@example.test");
            assertThat(message.content()).asString(StandardCharsets.UTF_8).isEqualTo("Subject: x\r\n\r\n.hi\r\n");
            assertThat(message.connection()).isEqualTo(1);
            assertThat(List.of(peer.logins(), peer.failedLogins(), peer.messageCount()))
                    .containsExactly(1L, 0L, 1L);
        }
    }

    @Test
    void refusesMailAndAuthBeforeTls() throws IOException {
        try (MailPeer peer = guarded().start();
                TestClient client = greeted(peer)) {
            assertThat(client.ask("MAIL FROM:<a@example.test>")).startsWith("530 5.7.0");
            assertThat(client.ask(plain("user", "sécret"))).startsWith("538 ");
        }
    }

    @Test
    void refusesMailBeforeAuth() throws IOException {
        try (MailPeer peer = guarded().start();
                TestClient client = underTls(peer)) {
            assertThat(client.ask("MAIL FROM:<a@example.test>")).startsWith("530 5.7.0");
        }
    }

    @Test
    void speaksTlsFromTheFirstOctet() throws IOException {
        try (MailPeer peer = MailPeer.builder()
                        .implicitTls(AUTHORITY.issue(CertificateVariant.INTERMEDIATE))
                        .start();
                TestClient client = new TestClient(peer.address())) {
            client.startTls(AUTHORITY, "127.0.0.1");
            assertThat(client.reply()).startsWith("220 ");
        }
    }

    @Test
    void asksForUserAndPasswordInLogin() throws IOException {
        try (MailPeer peer = guarded().start();
                TestClient client = underTls(peer)) {
            assertThat(client.ask("AUTH LOGIN")).isEqualTo("334 " + TestClient.base64("Username:"));
            assertThat(client.ask(TestClient.base64("user"))).isEqualTo("334 " + TestClient.base64("Password:"));
            assertThat(client.ask(TestClient.base64("sécret"))).startsWith("235 ");
            assertThat(client.ask("AUTH LOGIN")).startsWith("503 ");
        }
    }

    @Test
    void forgetsThePasswordThatWasReplaced() throws IOException {
        try (MailPeer peer = guarded().start();
                TestClient client = underTls(peer)) {
            peer.account("user", "next");
            assertThat(client.ask(plain("user", "sécret"))).startsWith("535 5.7.8");
            assertThat(client.ask(plain("user", "next"))).startsWith("235 ");
            assertThat(peer.failedLogins()).isEqualTo(1);
            assertThat(peer.logins()).isEqualTo(1);
        }
    }

    @Test
    void refusesWhatIsNoAuthentication() throws IOException {
        try (MailPeer peer = guarded().start();
                TestClient client = underTls(peer)) {
            assertThat(client.ask("AUTH GSSAPI")).startsWith("504 ");
            assertThat(client.ask("AUTH PLAIN !")).startsWith("501 ");
            assertThat(client.ask("AUTH PLAIN =")).startsWith("501 ");
            assertThat(client.ask("AUTH PLAIN " + TestClient.base64("\0user\0sécret\0")))
                    .startsWith("501 ");
            assertThat(client.ask("AUTH PLAIN")).isEqualTo("334 ");
            assertThat(client.ask("*")).startsWith("501 ");
            assertThat(client.ask(plain("nobody", "sécret"))).startsWith("535 ");
            assertThat(client.ask(plain("user", "sécret"))).startsWith("235 ");
        }
    }

    @Test
    void keepsEveryOctetOfABigMessage() throws IOException {
        byte[] noise = new byte[300_000];
        new Random(7).nextBytes(noise);
        String body = new String(noise, StandardCharsets.ISO_8859_1).replace('\r', ' ') + "\r\n";
        byte[] octets = body.getBytes(StandardCharsets.ISO_8859_1);
        try (MailPeer peer = MailPeer.builder().start();
                TestClient client = greeted(peer)) {
            client.ask("MAIL FROM:<>");
            client.ask("RCPT TO:<b@example.test>");
            client.ask("DATA");
            // A dot is stuffed only after CRLF, so the client of this test must not stuff more than the first.
            client.send(octets[0] == '.' ? "." : "").send(octets);
            assertThat(client.send(".\r\n").reply()).startsWith("250 ");
            assertThat(peer.messages().getFirst().content()).isEqualTo(octets);
            assertThat(peer.messages().getFirst().mailFrom()).isEmpty();
        }
    }

    @Test
    void refusesAMessageBeyondTheLimitAndGoesOn() throws IOException {
        try (MailPeer peer = MailPeer.builder().mostContent(10).start();
                TestClient client = greeted(peer)) {
            assertThat(deliver(client, "12345678\r\n")).startsWith("250 ");
            assertThat(deliver(client, "123456789\r\n")).startsWith("552 ");
            assertThat(deliver(client, "")).startsWith("250 ");
            assertThat(peer.messages()).hasSize(2);
            assertThat(peer.messages().getLast().content()).isEmpty();
        }
    }

    @Test
    void takesChunksWhereItOffersThem() throws IOException {
        try (MailPeer peer = MailPeer.builder().with(Extension.CHUNKING).start();
                TestClient client = greeted(peer)) {
            client.ask("MAIL FROM:<a@example.test> BODY=8BITMIME");
            client.ask("RCPT TO:<b@example.test>");
            assertThat(client.send("BDAT 3\r\n.\r\n").reply()).startsWith("250 ");
            assertThat(client.send("BDAT 0 LAST\r\n").reply()).startsWith("250 ");
            assertThat(peer.messages().getFirst().content())
                    .asString(StandardCharsets.US_ASCII)
                    .isEqualTo(".\r\n");
        }
    }

    @Test
    void answersAPipelineInOrder() throws IOException {
        try (MailPeer peer = MailPeer.builder().start();
                TestClient client = greeted(peer)) {
            peer.replyAt(Stage.RCPT, "busy@example.test", "451 4.3.0 later");
            client.send("MAIL FROM:<a@example.test>\r\nRCPT TO:<busy@example.test>\r\nRCPT TO:<b@example.test>\r\n"
                    + "DATA\r\n");
            List<String> replies = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                replies.add(client.reply().substring(0, 3));
            }
            assertThat(replies).containsExactly("250", "451", "250", "354");
            assertThat(client.send(".\r\n").reply()).startsWith("250 ");
            assertThat(peer.messages().getFirst().recipients()).containsExactly("b@example.test");
        }
    }

    @Test
    void endsTheSessionAfterSoManyMessages() throws IOException {
        try (MailPeer peer = MailPeer.builder().messagesPerConnection(1).start();
                TestClient client = greeted(peer)) {
            assertThat(deliver(client, "x\r\n")).startsWith("250 ");
            assertThat(client.ask("MAIL FROM:<a@example.test>")).startsWith("421 ");
            assertThat(client.line()).isEmpty();
        }
    }

    @Test
    void repliesAsItIsTold() throws IOException {
        try (MailPeer peer = MailPeer.builder().start();
                TestClient client = greeted(peer)) {
            peer.override((stage, argument, connection) ->
                    stage == Stage.CONTENT ? Optional.of("554 5.6.0 not this") : Optional.empty());
            assertThat(deliver(client, "x\r\n")).isEqualTo("554 5.6.0 not this");
            peer.clearOverrides();
            assertThat(deliver(client, "x\r\n")).startsWith("250 ");
            assertThat(peer.messageCount()).isEqualTo(1);
        }
    }

    @Test
    void countsWithoutKeeping() throws IOException {
        try (MailPeer peer = MailPeer.builder().countOnly().start();
                TestClient client = greeted(peer)) {
            assertThat(deliver(client, "x\r\n")).startsWith("250 ");
            assertThat(peer.messageCount()).isEqualTo(1);
            assertThat(peer.messages()).isEmpty();
        }
    }

    @Test
    void handsMessagesOver() throws IOException {
        List<ReceivedMessage> received = new CopyOnWriteArrayList<>();
        try (MailPeer peer = MailPeer.builder().handTo(received::add).start();
                TestClient client = greeted(peer)) {
            deliver(client, "x\r\n");
            assertThat(received).hasSize(1);
            assertThat(peer.messages()).isEmpty();
        }
    }

    @Test
    void restsBeforeEveryReply() throws IOException {
        try (MailPeer peer = MailPeer.builder().latency(Duration.ofMillis(30)).start()) {
            long start = System.nanoTime();
            try (TestClient client = greeted(peer)) {
                client.ask("NOOP");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(90));
        }
    }

    @Test
    void endsASilentSession() throws IOException {
        try (MailPeer peer =
                        MailPeer.builder().idleTimeout(Duration.ofMillis(100)).start();
                TestClient client = greeted(peer)) {
            assertThat(client.reply()).startsWith("421 4.4.2");
            assertThat(client.line()).isEmpty();
        }
    }

    @Test
    void takesMailFromManyAtOnce() throws Exception {
        try (MailPeer peer = MailPeer.builder().start()) {
            List<Thread> senders = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                senders.add(Thread.ofVirtual().start(() -> sendTen(peer)));
            }
            for (Thread sender : senders) {
                sender.join();
            }
            assertThat(peer.messages()).hasSize(200);
            assertThat(peer.connections()).isEqualTo(20);
        }
    }

    private static void sendTen(MailPeer peer) {
        try (TestClient client = greeted(peer)) {
            for (int i = 0; i < 10; i++) {
                deliver(client, "x\r\n");
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void freesItsPortWhenClosed() throws IOException {
        MailPeer peer = MailPeer.builder().start();
        try (TestClient client = greeted(peer)) {
            peer.close();
            assertThat(client.line()).isEmpty();
        }
        assertThatIOException().isThrownBy(() -> new TestClient(peer.address()));
        try (MailPeer again = MailPeer.builder().port(peer.port()).start()) {
            assertThat(again.port()).isEqualTo(peer.port());
        }
    }

    @Test
    void closesTheConnectionInsteadOfReplyingWhereItIsToldTo() throws IOException {
        try (MailPeer peer = MailPeer.builder().start()) {
            peer.replyAt(Stage.CONTENT, "a@example.test", "");
            try (TestClient client = greeted(peer)) {
                assertThat(deliver(client, "text\r\n")).isEmpty();
            }
            assertThat(peer.messageCount()).isZero();
        }
    }
}
