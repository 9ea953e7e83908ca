// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.postern.spi.credential.BearerToken;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Secret;
import org.postern.spi.credential.SecretWrapping;
import org.postern.spi.credential.Validity;

/**
 * An access token that was granted.
 *
 * @param token encrypted in memory
 * @param version counts tokens; means nothing to the provider
 * @param validity when it was asked for, and its end if the provider has stated one
 * @param refreshAt from when on another is to be fetched
 */
record HeldToken(SecretWrapping.Wrapped token, CredentialVersion version, Validity validity, Instant refreshAt) {

    private static final Duration UNSTATED_LIFE = Duration.ofMinutes(30);
    private static final Duration LONGEST_USE = Duration.ofHours(24);

    /**
     * A token that has just been granted.
     *
     * @param secret stays the caller's
     * @param life how long it is good for, as the provider states
     * @param asked when it was asked for: its life may have begun then
     */
    static HeldToken of(Account account, Secret secret, Optional<Duration> life, Instant asked, Surroundings around) {
        Duration use = use(life);
        Duration margin = margin(account, use);
        // Tokens that were fetched together would end together, for a thousand accounts in the same second.
        Duration early = margin.plus(
                Duration.ofMillis((long) (margin.toMillis() * around.random().nextDouble())));
        return new HeldToken(
                around.wrapping().wrap(secret),
                around.versions().next(),
                new Validity(Optional.of(asked), life.map(stated -> asked.plus(use))),
                asked.plus(use).minus(early));
    }

    /**
     * A token that another relay was granted.
     *
     * @param secret stays the caller's
     * @param life how long the whole token is good for, as the provider stated
     * @param left how long until it ends
     */
    static HeldToken adopted(
            Account account, Secret secret, Optional<Duration> life, Duration left, Surroundings around) {
        return of(account, secret, life, around.clock().instant().plus(left).minus(use(life)), around);
    }

    /** Whether a token with so much of its life left is worth having, since it is not due for replacement. */
    static boolean isWorthHaving(Account account, Optional<Duration> life, Duration left) {
        return left.compareTo(margin(account, use(life))) > 0;
    }

    private static Duration use(Optional<Duration> life) {
        return Pauses.atMost(life.orElse(UNSTATED_LIFE), LONGEST_USE);
    }

    private static Duration margin(Account account, Duration use) {
        return Pauses.atMost(account.margin(), use.dividedBy(3));
    }

    /** The life of the whole token, if the provider has stated one. */
    Optional<Duration> life() {
        return expiry().map(end -> Duration.between(asked(), end));
    }

    /** How much of it is left to be used. */
    Duration left(Instant now) {
        return use(life()).minus(Duration.between(asked(), now));
    }

    /** Whether this one is another, and was not granted earlier. */
    boolean isNewerThan(HeldToken other) {
        try (Secret own = token.unwrap();
                Secret theirs = other.token.unwrap()) {
            return !asked().isBefore(other.asked()) && !own.equals(theirs);
        }
    }

    private Instant asked() {
        return validity.since().orElseThrow();
    }

    /** Its end, if that is known. */
    Optional<Instant> expiry() {
        return validity.expiry();
    }

    boolean isUsable(Instant now) {
        return !validity.isOver(now);
    }

    boolean isDue(Instant now) {
        return !now.isBefore(refreshAt);
    }

    /** A copy to hand out, which whoever gets it closes. */
    BearerToken handedOut(Account account) {
        return new BearerToken(account.user(), token.unwrap(), version, validity, account.allowedHosts());
    }
}
