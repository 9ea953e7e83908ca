// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.sasl;

import java.util.Objects;
import org.postern.spi.credential.Octets;

/** What a mechanism wants done next. */
public sealed interface SaslStep {

    /**
     * Send this.
     *
     * @param response the octets, perhaps none
     */
    record Respond(Octets response) implements SaslStep {

        /** @throws NullPointerException if there is no response */
        public Respond {
            Objects.requireNonNull(response, "response");
        }
    }

    /** The client is satisfied. */
    record Complete() implements SaslStep {}

    /**
     * Give up.
     *
     * @param reason one line for people, without secrets
     */
    record Abort(String reason) implements SaslStep {

        /** @throws NullPointerException if there is no reason */
        public Abort {
            Objects.requireNonNull(reason, "reason");
        }
    }
}
