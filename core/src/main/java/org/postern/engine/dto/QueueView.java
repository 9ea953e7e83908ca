// SPDX-License-Identifier: Apache-2.0
package org.postern.engine.dto;

import java.time.Instant;
import java.util.Optional;

/**
 * The mail that waits under one binding and routing domain.
 *
 * @param binding the binding's name
 * @param domain the routing domain
 * @param active messages that can be tried now or are being tried
 * @param delayed messages that wait for their next attempt
 * @param held messages that wait for something on this side
 * @param onHold messages that an operator keeps back
 * @param lastReason why the last attempt did not succeed, if it did not
 * @param nextDue when the next delayed message is tried, if one waits
 */
public record QueueView(
        String binding,
        String domain,
        int active,
        int delayed,
        int held,
        int onHold,
        Optional<String> lastReason,
        Optional<Instant> nextDue) {

    /** Nothing is kept back by an operator. */
    public QueueView(
            String binding,
            String domain,
            int active,
            int delayed,
            int held,
            Optional<String> lastReason,
            Optional<Instant> nextDue) {
        this(binding, domain, active, delayed, held, 0, lastReason, nextDue);
    }
}
