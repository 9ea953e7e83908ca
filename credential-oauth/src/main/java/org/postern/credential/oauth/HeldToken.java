// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.postern.spi.credential.BearerToken;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Secret;
import org.postern.spi.credential.SecretWrapping;

/**
 * An access token that was granted.
 *
 * @param token encrypted in memory
 * @param version counts tokens; means nothing to the provider
 * @param expiry its end, if the provider has stated one
 * @param refreshAt from when on another is to be fetched
 */
record HeldToken(SecretWrapping.Wrapped token, CredentialVersion version, Optional<Instant> expiry, Instant refreshAt) {

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
        Duration use = Pauses.atMost(life.orElse(UNSTATED_LIFE), LONGEST_USE);
        Duration margin = Pauses.atMost(account.margin(), use.dividedBy(3));
        // Tokens that were fetched together would end together, for a thousand accounts in the same second.
        Duration early = margin.plus(
                Duration.ofMillis((long) (margin.toMillis() * around.random().nextDouble())));
        return new HeldToken(
                around.wrapping().wrap(secret),
                around.versions().next(),
                life.isPresent() ? Optional.of(asked.plus(use)) : Optional.empty(),
                asked.plus(use).minus(early));
    }

    boolean isUsable(Instant now) {
        return expiry.isEmpty() || now.isBefore(expiry.get());
    }

    boolean isDue(Instant now) {
        return !now.isBefore(refreshAt);
    }

    /** A copy to hand out, which whoever gets it closes. */
    BearerToken handedOut(Account account) {
        return new BearerToken(account.user(), token.unwrap(), version, expiry, account.allowedHosts());
    }
}
