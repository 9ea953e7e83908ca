// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import org.postern.core.auth.AuthPlan;
import org.postern.core.auth.AuthPlanner;
import org.postern.core.auth.CredentialRequest;
import org.postern.core.auth.CredentialResolver;
import org.postern.core.auth.CredentialResult;
import org.postern.core.outcome.FailurePolicy;
import org.postern.spi.credential.LookupAttribute;
import org.postern.spi.policy.ResolvedAuth;

/** From what the scopes say to a credential in hand, before any peer is connected to. */
@Singleton
final class Logins {

    private final AuthPlanner planner;
    private final CredentialResolver credentials;
    private final FailurePolicy policy;

    @Inject
    Logins(AuthPlanner planner, CredentialResolver credentials, FailurePolicy policy) {
        this.planner = planner;
        this.credentials = credentials;
        this.policy = policy;
    }

    /** @param about what stores may be told of the message */
    Login obtain(ResolvedAuth auth, Map<LookupAttribute, String> about) throws NotDeliverable, InterruptedException {
        return switch (planner.plan(auth)) {
            case AuthPlan.NoAuth nobody -> new Login.Nobody();
            case AuthPlan.Refuse refuse -> throw new NotDeliverable(policy.refusedByPlan(refuse.reason()));
            case AuthPlan.Authenticate plan -> {
                CredentialRequest request = new CredentialRequest(auth, about);
                yield as(plan, request, credentials.resolve(request));
            }
        };
    }

    private Login as(AuthPlan.Authenticate plan, CredentialRequest request, CredentialResult result)
            throws NotDeliverable {
        return switch (result) {
            case CredentialResult.Ready ready -> new Login.As(plan, request, ready);
            case CredentialResult.Missing missing ->
                throw new NotDeliverable(policy.credentialMissing(missing.reason()));
            case CredentialResult.Unavailable unavailable ->
                throw new NotDeliverable(policy.storeUnavailable(unavailable.reason()));
        };
    }

    /** A login with another version of the credential than the one that was refused, if the stores have one. */
    Optional<Login> newerThan(Login refused) throws InterruptedException {
        return refused instanceof Login.As before
                ? newerThan(refused, before.plan().auth())
                : Optional.empty();
    }

    /** The same where hooks have spoken again. */
    Optional<Login> newerThan(Login refused, ResolvedAuth auth) throws InterruptedException {
        if (!(refused instanceof Login.As before)
                || !(planner.plan(auth) instanceof AuthPlan.Authenticate plan)
                || !(credentials.resolveAnew(
                                before.request().with(auth),
                                before.ready().identity().version())
                        instanceof CredentialResult.Ready now)) {
            return Optional.empty();
        }
        if (now.identity().equals(before.ready().identity())) {
            now.credential().close();
            return Optional.empty();
        }
        return Optional.of(new Login.As(plan, before.request().with(auth), now));
    }
}
