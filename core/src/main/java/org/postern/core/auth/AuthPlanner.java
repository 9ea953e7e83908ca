// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.util.List;
import java.util.Set;
import org.postern.spi.credential.Credential;
import org.postern.spi.policy.ResolvedAuth;

/** Decides whether a message is authenticated and by which mechanism. Threading: stateless. */
public final class AuthPlanner {

    /** Mechanisms that the guard would not let use the secret are not chosen. */
    public AuthPlanner(DisclosureGuard guard) {}

    /** Whether and how, before a session is chosen. */
    public AuthPlan plan(ResolvedAuth auth) {
        throw new UnsupportedOperationException();
    }

    /**
     * By which mechanism, once the peer has made its final offer.
     *
     * @param plan the message's plan
     * @param credential what would be used
     * @param offered the peer's mechanisms, in any case, less those that it has already refused to know
     * @param channel the connection
     * @param installed what {@link MechanismRegistry#installed()} says
     */
    public MechanismChoice choose(
            AuthPlan.Authenticate plan,
            Credential credential,
            Set<String> offered,
            Channel channel,
            List<InstalledMechanism> installed) {
        throw new UnsupportedOperationException();
    }
}
