// SPDX-License-Identifier: Apache-2.0
package org.postern.core.session;

import java.time.Duration;
import java.util.Objects;

/**
 * How long a session may live.
 *
 * @param idleTimeout how long it may wait for a message
 * @param maxDeliveries after how many messages it is closed; 0 for no such limit
 * @param maxRecipients after how many recipients it is closed; 0 for no such limit
 */
public record SessionLife(Duration idleTimeout, long maxDeliveries, long maxRecipients) {

    /** @throws NullPointerException if there is no time */
    public SessionLife {
        Objects.requireNonNull(idleTimeout, "idleTimeout");
    }

    boolean allowsMore(int delivered, long recipients) {
        return (maxDeliveries == 0 || delivered < maxDeliveries) && (maxRecipients == 0 || recipients < maxRecipients);
    }
}
