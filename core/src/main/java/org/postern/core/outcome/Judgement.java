// SPDX-License-Identifier: Apache-2.0
package org.postern.core.outcome;

import java.util.Objects;
import org.postern.spi.mail.DeliveryOutcome;

/**
 * What a failure means.
 *
 * @param radius whom it concerns
 * @param outcome what becomes of the recipients, if nothing better is found in the same attempt
 */
public record Judgement(BlastRadius radius, DeliveryOutcome outcome) {

    /** @throws NullPointerException if a part is missing */
    public Judgement {
        Objects.requireNonNull(radius, "radius");
        Objects.requireNonNull(outcome, "outcome");
    }
}
