// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.postern.spi.sasl.SaslMechanism;

/**
 * The mechanisms that are there now. Exchanges hold leases; a mechanism that goes away gets no new ones, and its
 * departure waits for those that are out.
 *
 * <p>Threading: safe for many threads.
 */
public final class MechanismRegistry {

    /** A registry in which a departure waits up to 10 seconds. */
    public MechanismRegistry() {
        this(Duration.ofSeconds(10));
    }

    /** @param drain how long a departure waits for leases that are out */
    public MechanismRegistry(Duration drain) {}

    /** A mechanism has come. */
    public void bind(InstalledMechanism installed, SaslMechanism mechanism) {
        throw new UnsupportedOperationException();
    }

    /**
     * A mechanism goes. Returns when its leases are closed, or when the time is over; afterwards nothing here refers to
     * it, leases included. An unknown service does nothing.
     */
    public void unbind(long serviceId) {
        throw new UnsupportedOperationException();
    }

    /** What is there, one per name, strongest first. */
    public List<InstalledMechanism> installed() {
        throw new UnsupportedOperationException();
    }

    /** A lease on the mechanism of this name, in any case, with the highest ranking. */
    public Optional<MechanismLease> lease(String name) {
        throw new UnsupportedOperationException();
    }

    /** Counts up with every arrival and departure. Read it before looking, then wait for a change since. */
    public long revision() {
        throw new UnsupportedOperationException();
    }

    /**
     * Waits until something comes or goes.
     *
     * @param since what {@link #revision()} was
     * @return whether something changed in time
     */
    public boolean awaitChange(long since, Duration atMost) throws InterruptedException {
        throw new UnsupportedOperationException();
    }
}
