// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import org.postern.spi.credential.Credential;
import org.postern.spi.policy.ResolvedAuth;

/**
 * The only place that decides whether a secret may be shown. Ask immediately before the exchange is opened.
 *
 * <p>Threading: safe for many threads.
 */
public final class DisclosureGuard {

    /** The answer. */
    public sealed interface Verdict {

        /** It may be shown. */
        record Permit() implements Verdict {}

        /**
         * It must not be shown.
         *
         * @param reason one line for people: what is unsafe, and which option in which scope would allow it
         */
        record Refusal(String reason) implements Verdict {}
    }

    /** Whether this mechanism may use this credential on this connection. A permit by exception is logged once per endpoint. */
    public Verdict judge(InstalledMechanism mechanism, Credential credential, ResolvedAuth auth, Channel channel) {
        throw new UnsupportedOperationException();
    }
}
