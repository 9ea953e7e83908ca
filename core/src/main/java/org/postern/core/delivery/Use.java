// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import java.util.List;
import org.postern.spi.mail.DeliveryOutcome;

/** One message as it was counted under the limits of its account. */
interface Use {

    /** Nothing is limited and nothing was counted. */
    Use UNLIMITED = taken -> {};

    /** So many of its recipients were taken by the peer; the others were not used. */
    void settle(int taken);

    /** The same, from what became of each recipient. What the peer may have taken counts. */
    default void settle(List<DeliveryOutcome> outcomes) {
        settle((int) outcomes.stream().filter(Use::mayBeTaken).count());
    }

    private static boolean mayBeTaken(DeliveryOutcome outcome) {
        return switch (outcome) {
            case DeliveryOutcome.Delivered delivered -> true;
            case DeliveryOutcome.Deferred deferred -> deferred.possibleDuplicate();
            case DeliveryOutcome.Failed failed -> false;
            case DeliveryOutcome.Held held -> false;
        };
    }
}
