// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import org.postern.spi.sasl.SaslMechanism;

/**
 * The right to use a mechanism until {@link #close()}, even while its bundle is being replaced. Hold it from before the
 * exchange is opened until after the exchange is closed.
 *
 * <p>Threading: used by one thread; closing twice does nothing.
 */
public interface MechanismLease extends AutoCloseable {

    /** What was leased. */
    InstalledMechanism installed();

    /**
     * The mechanism.
     *
     * @throws IllegalStateException if the lease is closed, or its bundle went away and would not wait any longer
     */
    SaslMechanism mechanism();

    /** Gives the mechanism back. */
    @Override
    void close();
}
