// SPDX-License-Identifier: Apache-2.0
package org.postern.core.session;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * How long a session may live.
 *
 * @param idleTimeout how long it may wait for a message
 * @param maxDeliveries after how many messages it is closed; 0 for no such limit
 * @param maxRecipients after how many recipients it is closed; 0 for no such limit
 * @param end when it takes no further message, if there is such a moment
 */
public record SessionLife(Duration idleTimeout, long maxDeliveries, long maxRecipients, Optional<Instant> end) {

    /** @throws NullPointerException if there is no time */
    public SessionLife {
        Objects.requireNonNull(idleTimeout, "idleTimeout");
        Objects.requireNonNull(end, "end");
    }

    /** A life that ends by use alone. */
    public SessionLife(Duration idleTimeout, long maxDeliveries, long maxRecipients) {
        this(idleTimeout, maxDeliveries, maxRecipients, Optional.empty());
    }

    /** The same for a session whose credential holds until then. */
    public SessionLife until(Optional<Instant> moment) {
        return new SessionLife(idleTimeout, maxDeliveries, maxRecipients, moment);
    }

    boolean isOver(Instant now) {
        return end.isPresent() && !now.isBefore(end.get());
    }

    boolean allowsMore(int delivered, long recipients) {
        return (maxDeliveries == 0 || delivered < maxDeliveries) && (maxRecipients == 0 || recipients < maxRecipients);
    }
}
