// SPDX-License-Identifier: Apache-2.0
package org.postern.core.route;

import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Remembers hosts that failed, so that they are left alone for a while. Threading: safe for many threads. */
public final class HostRest {

    /** Reads the time from this clock and remembers up to 10,000 hosts. */
    public HostRest(Clock clock) {
        this(clock, 10_000);
    }

    /** @param limit how many hosts are remembered at most; the one whose rest ends first is forgotten first */
    public HostRest(Clock clock, int limit) {}

    /** The host failed: leave it alone for this long. */
    public void failed(InetSocketAddress endpoint, Duration rest) {
        throw new UnsupportedOperationException();
    }

    /** The host works. */
    public void succeeded(InetSocketAddress endpoint) {
        throw new UnsupportedOperationException();
    }

    /** Until when the host is left alone, if it is. */
    public Optional<Instant> restingUntil(InetSocketAddress endpoint) {
        throw new UnsupportedOperationException();
    }
}
