// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.peer.MailPeer;

class ThreadLeakTest {

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void namesThreadsThatAreLeft(boolean virtual) throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        Thread.Builder builder = virtual ? Thread.ofVirtual() : Thread.ofPlatform();
        Thread thread = builder.name("left-behind-" + virtual).start(() -> await(end));
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> ThreadLeak.assertNone("left-behind-" + virtual, Duration.ofMillis(50)))
                .withMessageContaining("left-behind-" + virtual);
        end.countDown();
        thread.join();
        assertThatCode(() -> ThreadLeak.assertNone("left-behind-" + virtual)).doesNotThrowAnyException();
    }

    private static void await(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void seesThatAMailPeerLeavesNoThread() throws Exception {
        MailPeer peer = MailPeer.builder().start();
        try (java.net.Socket client = new java.net.Socket("127.0.0.1", peer.port())) {
            client.getInputStream().read();
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(() -> ThreadLeak.assertNone("postern-peer-" + peer.port(), Duration.ofMillis(50)));
            peer.close();
            ThreadLeak.assertNone("postern-peer-" + peer.port());
        }
    }
}
