// SPDX-License-Identifier: Apache-2.0
package org.postern.core.sasl;

import java.util.Objects;
import java.util.Optional;
import org.postern.spi.mail.DeliveryStage;
import org.postern.spi.mail.SmtpReply;

/** How an AUTH exchange ended. */
public sealed interface AuthResult {

    /**
     * The peer said 235, and the mechanism is content with it.
     *
     * @param reply the 235
     */
    record Authenticated(SmtpReply reply) implements AuthResult {

        /** @throws NullPointerException if there is no reply */
        public Authenticated {
            Objects.requireNonNull(reply, "reply");
        }
    }

    /**
     * The peer said no. Nothing was sent after that.
     *
     * @param stage {@link DeliveryStage#AUTH_SENT} if this is the reply to the AUTH command itself,
     *     {@link DeliveryStage#AUTH_CHALLENGE} if a challenge had been answered
     * @param reply 4yz or 5yz
     * @param detail what the mechanism understood of it, in one line for people, without secrets
     */
    record Refused(DeliveryStage stage, SmtpReply reply, Optional<String> detail) implements AuthResult {

        /** @throws NullPointerException if a part is missing */
        public Refused {
            Objects.requireNonNull(stage, "stage");
            Objects.requireNonNull(reply, "reply");
            Objects.requireNonNull(detail, "detail");
        }
    }

    /**
     * This side gave up: the mechanism did, or what the peer sent could not be used. The session is not authenticated and
     * is to be closed.
     *
     * @param begun whether the AUTH command had been sent, so that the peer may count a login that failed
     * @param reason one line for people, without secrets
     */
    record Aborted(boolean begun, String reason) implements AuthResult {

        /** @throws NullPointerException if there is no reason */
        public Aborted {
            Objects.requireNonNull(reason, "reason");
        }
    }
}
