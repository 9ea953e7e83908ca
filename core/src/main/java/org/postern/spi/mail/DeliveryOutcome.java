// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.mail;

import java.util.Objects;
import java.util.Optional;

/** What became of one recipient in one attempt. */
public sealed interface DeliveryOutcome {

    /**
     * The peer took responsibility (RFC 5321 section 6.1).
     *
     * @param reply the reply to the end of the content
     */
    record Delivered(SmtpReply reply) implements DeliveryOutcome {}

    /**
     * To be tried again by the retry schedule.
     *
     * @param stage how far the attempt had come
     * @param reason one line for people, without secrets
     * @param reply the peer's reply, if one caused this
     * @param possibleDuplicate whether the peer may hold a copy (RFC 1047)
     */
    record Deferred(DeliveryStage stage, String reason, Optional<SmtpReply> reply, boolean possibleDuplicate)
            implements DeliveryOutcome {

        /** @throws NullPointerException if a part is missing */
        public Deferred {
            Objects.requireNonNull(stage, "stage");
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(reply, "reply");
        }
    }

    /**
     * Waits for something on the sending side, such as a credential; no attempt is counted and nothing bounces before
     * the message expires.
     *
     * @param stage how far the attempt had come
     * @param reason one line for people: what is missing and what would end the wait
     */
    record Held(DeliveryStage stage, String reason) implements DeliveryOutcome {

        /** @throws NullPointerException if a part is missing */
        public Held {
            Objects.requireNonNull(stage, "stage");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /**
     * Will never succeed; the sender is told.
     *
     * @param stage how far the attempt had come
     * @param reason one line for people
     * @param reply the peer's reply, if one caused this
     */
    record Failed(DeliveryStage stage, String reason, Optional<SmtpReply> reply) implements DeliveryOutcome {

        /** @throws NullPointerException if a part is missing */
        public Failed {
            Objects.requireNonNull(stage, "stage");
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(reply, "reply");
        }
    }
}
