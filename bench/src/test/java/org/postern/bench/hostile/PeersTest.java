// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.postern.bench.LineWire;

class PeersTest {

    private static Socket connect(String route) throws IOException {
        URI where = URI.create(route);
        return new Socket(where.getHost(), where.getPort());
    }

    @Test
    void eachIsAHostOfItsOwn() throws Exception {
        try (Peers peers = Peers.listen(300, socket -> {})) {
            assertThat(URI.create(peers.route(0)).getHost()).isEqualTo("127.1.0.1");
            assertThat(URI.create(peers.route(299)).getHost()).isEqualTo("127.1.1.44");
            assertThat(peers.route(300)).isEqualTo(peers.route(0));
        }
    }

    @Test
    void countsWhoIsThere() throws Exception {
        CountDownLatch come = new CountDownLatch(2);
        CountDownLatch leave = new CountDownLatch(1);
        try (Peers peers = Peers.listen(1, socket -> {
                    come.countDown();
                    leave.await();
                });
                Socket one = connect(peers.route(0));
                Socket other = connect(peers.route(0))) {
            come.await();
            assertThat(peers.open()).isEqualTo(2);
            leave.countDown();
            assertThat(one.getInputStream().read()).isEqualTo(-1);
            assertThat(other.getInputStream().read()).isEqualTo(-1);
            assertThat(peers.met()).isEqualTo(2);
        }
    }

    @Test
    void aGoodPeerCountsTheRecipientsItTookMailFor() throws Exception {
        GoodPeer good = new GoodPeer();
        try (Peers peers = Peers.listen(1, good);
                Socket socket = connect(peers.route(0))) {
            LineWire wire = new LineWire(socket);
            for (String line : List.of(
                    "EHLO a.example",
                    "MAIL FROM:<s@a.example>",
                    "RCPT TO:<r@b.example>",
                    "RCPT TO:<nobody1@b.example>",
                    "DATA")) {
                wire.say(line);
            }
            wire.flush();
            assertThat(wire.reply()).startsWith("220");
            assertThat(wire.reply()).startsWith("250");
            assertThat(wire.reply()).startsWith("250");
            assertThat(wire.reply()).startsWith("250");
            assertThat(wire.reply()).startsWith("550");
            assertThat(wire.reply()).startsWith("354");
            wire.say("text\r\n.");
            wire.say("QUIT");
            wire.flush();
            assertThat(wire.reply()).startsWith("250");
            assertThat(wire.reply()).startsWith("221");
        }
        assertThat(good.deliveries()).isEqualTo(1);
        assertThat(good.deliveries("r@b.example")).isEqualTo(1);
        assertThat(good.different()).isEqualTo(1);
    }

    @Test
    void anEndlessReplyGoesOnUntilTheRelayCloses() throws Exception {
        EndlessPeer endless = new EndlessPeer("EHLO", EndlessPeer.Form.LINES);
        try (Peers peers = Peers.listen(1, endless)) {
            try (Socket socket = connect(peers.route(0))) {
                LineWire wire = new LineWire(socket);
                assertThat(wire.reply()).isEqualTo("220 endless ESMTP");
                wire.say("EHLO a.example");
                wire.flush();
                assertThat(wire.line()).isEqualTo("250-");
                for (int i = 0; i < 100_000; i++) {
                    assertThat(wire.line()).isEqualTo("250-and so on");
                }
            }
            assertThat(endless.said().get()).isPositive().isLessThan(EndlessPeer.MOST);
        }
    }

    @Test
    void anEndlessReplyToTheEndOfAMessageComesAfterIt() throws Exception {
        EndlessPeer endless = new EndlessPeer(".", EndlessPeer.Form.LINE);
        try (Peers peers = Peers.listen(1, endless);
                Socket socket = connect(peers.route(0))) {
            LineWire wire = new LineWire(socket);
            wire.say("EHLO a.example");
            wire.say("MAIL FROM:<s@a.example>");
            wire.say("DATA");
            wire.flush();
            assertThat(wire.reply()).startsWith("220");
            assertThat(wire.reply()).startsWith("250");
            assertThat(wire.reply()).startsWith("250");
            assertThat(wire.reply()).startsWith("354");
            wire.say("text\r\n.");
            wire.flush();
            assertThat(socket.getInputStream().readNBytes(6)).asString().isEqualTo("250-aa");
        }
    }

    @Test
    void whatIsSaidToDeafEarsIsTakenUntilTheyAreClosed() throws Exception {
        DeafEars deaf = DeafEars.open(20);
        try (deaf) {
            for (int said = 0; said < 20_000; said++) {
                deaf.hear('a');
            }
        }
        assertThatThrownBy(() -> deaf.hear('a')).isInstanceOf(IOException.class);
    }
}
