// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.util.Objects;
import org.postern.spi.policy.ResolvedAuth;

/** What is to happen about authentication for one message. */
public sealed interface AuthPlan {

    /** Nothing asked for authentication; the message goes over a session without. */
    record NoAuth() implements AuthPlan {}

    /**
     * The message goes over a session that is authenticated like this, or it does not go.
     *
     * @param auth how
     */
    record Authenticate(ResolvedAuth auth) implements AuthPlan {

        /** @throws NullPointerException if there is nothing */
        public Authenticate {
            Objects.requireNonNull(auth, "auth");
        }
    }

    /**
     * Authentication applies and cannot work as configured: hold the mail.
     *
     * @param reason one line for people: what is missing, and where it is written
     */
    record Refuse(String reason) implements AuthPlan {}
}
