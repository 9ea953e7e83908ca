// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.postern.core.auth.AuthPlan;
import org.postern.core.auth.AuthPlanner;
import org.postern.core.auth.CredentialRequest;
import org.postern.core.auth.CredentialResolver;
import org.postern.core.auth.CredentialResult;
import org.postern.core.auth.NotAnswered;
import org.postern.core.auth.Trial;
import org.postern.core.outcome.BlastRadius;
import org.postern.core.outcome.FailurePolicy;
import org.postern.core.outcome.Judgement;
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

    /**
     * @param about what stores may be told of the message
     * @param since when the message began to wait for a store, if it has
     * @throws NotAnswered if it has to wait
     */
    Login obtain(ResolvedAuth auth, Map<LookupAttribute, String> about, Optional<Instant> since)
            throws NotDeliverable, NotAnswered, InterruptedException {
        return switch (planner.plan(auth)) {
            case AuthPlan.NoAuth nobody -> new Login.Nobody();
            case AuthPlan.Refuse refuse -> throw new NotDeliverable(policy.refusedByPlan(refuse.reason()));
            case AuthPlan.Authenticate plan -> {
                CredentialRequest request = new CredentialRequest(auth, about, since);
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

    /**
     * A login with another version of the credential than the one that did not get a session, if there is one: the current
     * one in place of a coming one; a newer one where the store has one by now; the one before. None of them costs the
     * message anything.
     *
     * @param why what became of the first
     * @param again what hooks say now that the credential was refused
     */
    Optional<Login> instead(Login failed, Judgement why, Again again) throws NotDeliverable, InterruptedException {
        if (!(failed instanceof Login.As before)
                || !FailurePolicy.mayTakeAnotherVersion(
                        why, before.ready().trial().isPresent())) {
            return Optional.empty();
        }
        boolean forGood = why.radius() == BlastRadius.CREDENTIAL;
        if (forGood) {
            before.ready().trial().ifPresent(trial -> trial.refused(why.reason()));
        }
        if (forGood && before.ready().standing() == CredentialResult.Standing.CURRENT) {
            Optional<Login> newer = newerThan(before, again.resolve());
            if (newer.isPresent()) {
                return newer;
            }
        }
        return credentials
                .instead(before.request(), before.ready(), forGood)
                .map(other -> new Login.As(before.plan(), before.request(), other));
    }

    /** Hooks that are asked once more. */
    @FunctionalInterface
    interface Again {
        ResolvedAuth resolve() throws NotDeliverable, InterruptedException;
    }

    private Optional<Login> newerThan(Login.As before, ResolvedAuth auth) throws InterruptedException {
        CredentialRequest request = before.request().with(auth);
        if (!(planner.plan(auth) instanceof AuthPlan.Authenticate plan)
                || !(credentials.resolveAnew(request, before.ready()) instanceof CredentialResult.Ready now)) {
            return Optional.empty();
        }
        if (now.identity().equals(before.ready().identity())) {
            now.close();
            return Optional.empty();
        }
        return Optional.of(new Login.As(plan, request, now.renewed()));
    }

    /** A session with exactly this login is there. */
    void served(Login login) {
        if (login instanceof Login.As as) {
            as.ready().trial().ifPresent(Trial::accepted);
            if (as.ready().standing() == CredentialResult.Standing.BEFORE) {
                credentials.servedBefore(as.ready());
            }
        }
    }
}
