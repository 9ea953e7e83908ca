// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RefusalsTest {

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final Refusals refusals = new Refusals(now::get);

    private static Endpoint peer(int port) {
        return new Endpoint("mx.example.test", InetAddress.getLoopbackAddress(), port, false);
    }

    @Test
    void remembersAPeerForAnHour() {
        refusals.add(peer(25));
        now.addAndGet(Refusals.REMEMBERED.toNanos());
        assertThat(refusals.contains(peer(25))).isTrue();
        assertThat(refusals.contains(peer(26))).isFalse();
        now.incrementAndGet();
        assertThat(refusals.contains(peer(25))).isFalse();
    }

    @Test
    void countsAnewFromTheLatestRefusal() {
        refusals.add(peer(25));
        now.addAndGet(Refusals.REMEMBERED.toNanos());
        refusals.add(peer(25));
        now.addAndGet(Refusals.REMEMBERED.toNanos());
        assertThat(refusals.contains(peer(25))).isTrue();
    }

    @Test
    void forgetsTheOldestWhereThereAreTooMany() {
        for (int port = 1; port <= 1_001; port++) {
            refusals.add(peer(port));
        }
        assertThat(refusals.contains(peer(1))).isFalse();
        assertThat(refusals.contains(peer(2))).isTrue();
        assertThat(refusals.contains(peer(1_001))).isTrue();
    }
}
