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
        rest.failed(port(1), REST, "refused");
        assertThat(rest.rest(port(1)))
                .contains(new HostRest.Rest(clock.instant().plus(REST), "refused"));
        assertThat(rest.rest(port(2))).isEmpty();
        clock.pass(REST);
        assertThat(rest.rest(port(1))).isEmpty();
    }

    @Test
    void forgetsAHostThatWorksAgain() {
        rest.failed(port(1), REST, "refused");
        rest.succeeded(port(1));
        assertThat(rest.rest(port(1))).isEmpty();
    }

    @Test
    void restsNotAtAllForZeroSeconds() {
        rest.failed(port(1), Duration.ZERO, "refused");
        assertThat(rest.rest(port(1))).isEmpty();
    }

    @Test
    void forgetsFirstWhatEndsFirstWhereThereIsNoRoom() {
        rest.failed(port(1), REST.plusSeconds(1), "refused");
        rest.failed(port(2), REST, "refused");
        rest.failed(port(3), REST.plusSeconds(2), "refused");
        rest.failed(port(4), REST.plusSeconds(3), "refused");
        assertThat(rest.rest(port(2))).isEmpty();
        assertThat(rest.rest(port(1))).isPresent();
        assertThat(rest.rest(port(4))).isPresent();
    }

    private static InetSocketAddress port(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
}
