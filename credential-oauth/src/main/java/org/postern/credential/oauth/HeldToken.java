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
        Duration use = Pauses.atMost(life.orElse(UNSTATED_LIFE), LONGEST_USE);
        Duration margin = Pauses.atMost(account.margin(), use.dividedBy(3));
        // Tokens that were fetched together would end together, for a thousand accounts in the same second.
        Duration early = margin.plus(
                Duration.ofMillis((long) (margin.toMillis() * around.random().nextDouble())));
        return new HeldToken(
                around.wrapping().wrap(secret),
                around.versions().next(),
                new Validity(Optional.of(asked), life.map(stated -> asked.plus(use))),
                asked.plus(use).minus(early));
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
