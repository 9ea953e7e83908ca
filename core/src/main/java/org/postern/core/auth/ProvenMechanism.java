// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;

/**
 * A mechanism that shows no secret and has worked with a host for a user.
 *
 * @param endpoint the host
 * @param user as whom
 * @param source where the credential came from
 * @param mechanism the mechanism that worked last
 * @param since when it first worked
 * @param refusal if the host now offers less, since when and what
 */
public record ProvenMechanism(
        Endpoint endpoint, String user, String source, String mechanism, Instant since, Optional<Refusal> refusal) {

    /** @throws NullPointerException if a part is missing */
    public ProvenMechanism {
        Objects.requireNonNull(endpoint, "endpoint");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(mechanism, "mechanism");
        since = since.truncatedTo(ChronoUnit.SECONDS);
        Objects.requireNonNull(refusal, "refusal");
    }

    /**
     * An offer that was not taken.
     *
     * @param since when it was first made
     * @param offered the mechanisms, for people
     */
    public record Refusal(Instant since, String offered) {

        /** @throws NullPointerException if a part is missing */
        public Refusal {
            since = since.truncatedTo(ChronoUnit.SECONDS);
            Objects.requireNonNull(offered, "offered");
        }
    }

    ProvenMechanism with(String newMechanism) {
        return new ProvenMechanism(endpoint, user, source, newMechanism, since, Optional.empty());
    }

    ProvenMechanism refused(Instant now, String offered) {
        Refusal latest = new Refusal(refusal.map(Refusal::since).orElse(now), offered);
        return new ProvenMechanism(endpoint, user, source, mechanism, since, Optional.of(latest));
    }

    /** What another relay knows of the same; the refusal is this one's. */
    ProvenMechanism asToldBy(ProvenMechanism other) {
        return new ProvenMechanism(endpoint, user, source, other.mechanism(), since, refusal);
    }
}
