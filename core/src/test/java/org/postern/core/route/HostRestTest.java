// SPDX-License-Identifier: Apache-2.0
package org.postern.core.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.postern.core.TestClock;

class HostRestTest {

    private static final Duration REST = Duration.ofSeconds(120);

    private final TestClock clock = new TestClock();
    private final HostRest rest = new HostRest(clock, 3);

    @Test
    void leavesAFailedHostAloneForItsRest() {
        rest.failed(port(1), REST);
        assertThat(rest.restingUntil(port(1))).contains(clock.instant().plus(REST));
        assertThat(rest.restingUntil(port(2))).isEmpty();
        clock.pass(REST);
        assertThat(rest.restingUntil(port(1))).isEmpty();
    }

    @Test
    void forgetsAHostThatWorksAgain() {
        rest.failed(port(1), REST);
        rest.succeeded(port(1));
        assertThat(rest.restingUntil(port(1))).isEmpty();
    }

    @Test
    void restsNotAtAllForZeroSeconds() {
        rest.failed(port(1), Duration.ZERO);
        assertThat(rest.restingUntil(port(1))).isEmpty();
    }

    @Test
    void forgetsFirstWhatEndsFirstWhereThereIsNoRoom() {
        rest.failed(port(1), REST.plusSeconds(1));
        rest.failed(port(2), REST);
        rest.failed(port(3), REST.plusSeconds(2));
        rest.failed(port(4), REST.plusSeconds(3));
        assertThat(rest.restingUntil(port(2))).isEmpty();
        assertThat(rest.restingUntil(port(1))).isPresent();
        assertThat(rest.restingUntil(port(4))).isPresent();
    }

    private static InetSocketAddress port(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
}
