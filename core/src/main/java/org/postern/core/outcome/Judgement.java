// SPDX-License-Identifier: Apache-2.0
package org.postern.core.outcome;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.postern.spi.mail.DeliveryOutcome;

/**
 * What a failure means.
 *
 * @param radius whom it concerns
 * @param outcome what becomes of the recipients, if nothing better is found in the same attempt
 * @param until before when there is no use in trying again, if that is known
 */
public record Judgement(BlastRadius radius, DeliveryOutcome outcome, Optional<Instant> until) {

    /** A judgement that says nothing about time. */
    public Judgement(BlastRadius radius, DeliveryOutcome outcome) {
        this(radius, outcome, Optional.empty());
    }

    /** What is said of it to people. */
    public String reason() {
        return switch (outcome) {
            case DeliveryOutcome.Held held -> held.reason();
            case DeliveryOutcome.Deferred deferred -> deferred.reason();
            case DeliveryOutcome.Failed failed -> failed.reason();
            case DeliveryOutcome.Delivered delivered -> delivered.reply().toString();
        };
    }

    /** @throws NullPointerException if a part is missing */
    public Judgement {
        Objects.requireNonNull(radius, "radius");
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(until, "until");
    }
}
