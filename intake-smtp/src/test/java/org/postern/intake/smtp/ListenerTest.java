// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A listener on a real port. */
@Timeout(60)
class ListenerTest {

    @Test
    void takesTenThousandRecipientsInOneBatch() throws IOException, ExecutionException, InterruptedException {
        StringBuilder batch = new StringBuilder("MAIL FROM:<a@example.org>\r\n");
        for (int i = 0; i < 10_000; i++) {
            batch.append("RCPT TO:<recipient-").append(i).append("@example.net>\r\n");
        }
        batch.append("RCPT TO:<one-more@example.net>\r\nDATA\r\n");
        try (OpenListener listener = OpenListener.withDefaults();
                RawClient client = RawClient.introduced(listener.address());
                ExecutorService sender = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<RawClient> sent = sender.submit(() -> client.send(batch.toString()));
            for (int i = 0; i < 10_001; i++) {
                client.expect("250");
            }
            client.expect("452 4.5.3");
            client.expect("354");
            sent.get();
            client.ask("x\r\n.", "250");
            assertThat(listener.engine.only().envelope().recipients())
                    .hasSize(10_000)
                    .last()
                    .hasToString("recipient-9999@example.net");
        }
    }

    @Test
    void passesFiftyMegabytesOnAsTheyCome() throws IOException {
        byte[] block = ("x".repeat(998) + "\r\n").repeat(64).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        int blocks = 52_428_800 / block.length;
        try (OpenListener listener =
                        new OpenListener(Settings.listen("127.0.0.1:0").with("add_received", "no"));
                RawClient client = RawClient.introduced(listener.address())) {
            listener.engine.keepsContent = false;
            client.beginContent();
            for (int i = 0; i < blocks; i++) {
                client.send(block);
            }
            // All but what is under way has reached the engine before the message has ended.
            await().until(() -> listener.engine.octets.get() == (long) blocks * block.length);
            client.ask(".", "250 2.0.0");
            client.beginContent();
            for (int i = 0; i < blocks + 2; i++) {
                client.send(block);
            }
            client.ask(".", "552 5.3.4");
            client.ask("NOOP", "250");
        }
    }

    @Test
    void tellsWhyItClosesThoughThePeerGoesOnSending() throws IOException {
        try (OpenListener listener = OpenListener.withDefaults();
                RawClient client = RawClient.introduced(listener.address())) {
            client.beginContent().send("bare\nline feed\r\n");
            client.send("x".repeat(500_000));
            client.expect("554 5.5.2");
            client.expectEnd();
            assertThat(listener.engine.open).hasValue(0);
        }
    }

    @Test
    void turnsPeersAwayWhenThereAreTooMany() throws IOException {
        try (OpenListener listener =
                        new OpenListener(Settings.listen("127.0.0.1:0").with("max_connections", "2"));
                RawClient first = RawClient.greeted(listener.address());
                RawClient second = RawClient.greeted(listener.address());
                RawClient third = new RawClient(listener.address())) {
            third.expect("421 4.7.0");
            third.expectEnd();
            first.ask("QUIT", "221");
            first.expectEnd();
            second.ask("NOOP", "250");
            await().until(() -> admits(listener));
        }
    }

    @Test
    void turnsAPeerAwayThatHasTooMany() throws IOException {
        try (OpenListener listener =
                        new OpenListener(Settings.listen("127.0.0.1:0").with("max_connections_per_peer", "1"));
                RawClient first = RawClient.greeted(listener.address());
                RawClient second = new RawClient(listener.address())) {
            second.expect("421 4.7.0");
            first.ask("NOOP", "250");
        }
    }

    private static boolean admits(OpenListener listener) throws IOException {
        try (RawClient another = new RawClient(listener.address())) {
            return another.reply().get(0).startsWith("220");
        }
    }

    @Test
    void saysSoWhileThereIsNoEngineAndKeepsTheConnection() throws IOException {
        try (OpenListener listener = OpenListener.withDefaults()) {
            listener.engineThere = false;
            try (RawClient client = RawClient.introduced(listener.address())) {
                client.ask("MAIL FROM:<a@example.org>", "451 4.3.2");
                client.ask("RCPT TO:<b@example.net>", "503");
                listener.engineThere = true;
                client.ask("MAIL FROM:<a@example.org>", "250");
                listener.engineThere = false;
                client.ask("RCPT TO:<b@example.net>", "250");
                client.ask("DATA", "354");
                client.ask("x\r\n.", "250 2.0.0 accepted as m-1");
            }
        }
    }

    @Test
    void answersOnlyWhenTheMessageIsSafe() throws IOException, InterruptedException {
        CountDownLatch safe = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        try (OpenListener listener = OpenListener.withDefaults();
                RawClient client = RawClient.introduced(listener.address())) {
            listener.engine.atAccept = () -> {
                asked.countDown();
                join(safe);
            };
            client.beginContent().send("x\r\n.\r\n");
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(client.quiet()).isTrue();
            safe.countDown();
            client.expect("250");
        }
    }

    private static void join(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new IOException(interrupted);
        }
    }

    @Test
    void letsMessagesUnderWayComeToTheirEndWhenItStops() throws IOException {
        OpenListener listener = OpenListener.withDefaults();
        try (RawClient idle = RawClient.introduced(listener.address());
                RawClient finished = RawClient.introduced(listener.address());
                RawClient busy = RawClient.introduced(listener.address())) {
            finished.beginContent().ask("x\r\n.", "250");
            busy.beginContent().send("first line\r\n");
            listener.listener.stopAccepting();
            idle.expect("421 4.3.2");
            idle.expectEnd();
            finished.expect("421 4.3.2");
            assertThatThrownBy(() -> new RawClient(listener.address()).close()).isInstanceOf(ConnectException.class);
            busy.ask("second line\r\n.", "250");
            busy.expect("421 4.3.2");
            busy.expectEnd();
            assertThat(listener.engine.accepted).hasSize(2);
        } finally {
            listener.close();
        }
    }

    @Test
    void cutsOffWhatDoesNotComeToItsEndAndLeavesNoThread() throws IOException {
        OpenListener listener = OpenListener.withDefaults();
        try (RawClient stuck = RawClient.introduced(listener.address());
                RawClient idle = RawClient.greeted(listener.address())) {
            stuck.beginContent();
            listener.listener.stopAccepting();
            listener.listener.drain(Duration.ofMillis(50));
            assertThat(listener.listener.threads()).isZero();
            idle.expect("421");
            assertThat(listener.engine.open).hasValue(0);
            assertThat(listener.engine.accepted).isEmpty();
        }
    }

    @Test
    void waitsForATakenPort() throws IOException {
        ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        try (OpenListener listener = new OpenListener(Settings.listen("127.0.0.1:" + taken.getLocalPort()))) {
            assertThat(listener.listener.address()).isEmpty();
            taken.close();
            await().atMost(Duration.ofSeconds(15))
                    .until(() -> listener.listener.address().isPresent());
            RawClient.introduced(listener.address()).close();
        }
    }

    @Test
    void canBeStoppedWhileItWaitsForAPort() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            OpenListener listener = new OpenListener(Settings.listen("127.0.0.1:" + taken.getLocalPort()));
            listener.close();
            assertThat(listener.listener.threads()).isZero();
        }
    }

    @Test
    void cutsOffAPeerThatTakesNoReplies() throws IOException {
        try (OpenListener listener =
                        new OpenListener(Settings.listen("127.0.0.1:0").with("data_timeout", "1"));
                RawClient deaf = RawClient.introduced(listener.address())) {
            String helps = "HELP\r\n".repeat(10_000);
            assertThatThrownBy(() -> {
                        while (true) {
                            deaf.send(helps);
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void servesManyPeersAtOnce() throws Exception {
        try (OpenListener listener = OpenListener.withDefaults();
                ExecutorService peers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> talks = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                talks.add(peers.submit(() -> {
                    hundredMessages(listener);
                    return null;
                }));
            }
            for (Future<?> talk : talks) {
                talk.get();
            }
            assertThat(listener.engine.accepted).hasSize(2000);
            assertThat(listener.engine.open).hasValue(0);
        }
    }

    private static void hundredMessages(OpenListener listener) throws IOException {
        try (RawClient client = RawClient.introduced(listener.address())) {
            for (int i = 0; i < 100; i++) {
                client.send("MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.net>\r\nDATA\r\n");
                client.expect("250");
                client.expect("250");
                client.expect("354");
                client.ask("Subject: x\r\n\r\n" + "text\r\n".repeat(i) + ".", "250");
            }
            client.ask("QUIT", "221");
        }
    }
}
