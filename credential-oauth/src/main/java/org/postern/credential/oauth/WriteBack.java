// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.postern.credential.oauth.Account.Grant;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Secret;
import org.postern.spi.credential.SecretWrapping;
import org.postern.spi.credential.UpdateResult;
import org.postern.spi.text.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A refresh token that its provider has replaced, on its way to where it is kept. The old one is gone at the provider, so
 * until the new one is written nobody may rely on the access token that came with it.
 *
 * <p>Threading: {@link #begin} and {@link #write} belong to the one request of an account that is under way; the others
 * may be called by any thread.
 */
final class WriteBack {

    private static final Logger LOG = LoggerFactory.getLogger(WriteBack.class);

    private final Account account;
    private final Surroundings around;
    private final AtomicReference<Pending> pending = new AtomicReference<>();

    private record Pending(SecretWrapping.Wrapped refreshToken, CredentialVersion replaces, HeldToken token) {}

    WriteBack(Account account, Surroundings around) {
        this.account = account;
        this.around = around;
    }

    /** Whether there is one that is not kept yet. */
    boolean isPending() {
        return pending.get() != null;
    }

    /**
     * Takes one over.
     *
     * @param rotated stays the caller's
     * @param replaces the version of the one that it was given for
     * @param token what came with it
     */
    void begin(Secret rotated, CredentialVersion replaces, HeldToken token) {
        pending.set(new Pending(around.wrapping().wrap(rotated), replaces, token));
    }

    /** Tries to write what is pending. What could not be written stays here to be tried again. */
    TokenFetch.Outcome write() throws InterruptedException {
        Pending one = pending.get();
        if (one == null) {
            return TokenFetch.storeFails("the account is being replaced");
        }
        return switch (update(one)) {
            case UpdateResult.Updated updated -> kept(one);
            // Somebody logged in meanwhile: the newer refresh token stays, and this access token is good all the same.
            case UpdateResult.Superseded newer -> {
                LOG.info(
                        "account {}: {}; the rotated refresh token was dropped",
                        Printable.of(account.name()),
                        newer.reason());
                yield kept(one);
            }
            case UpdateResult.NotUpdated not ->
                TokenFetch.storeFails("the rotated refresh token cannot be written: " + not.reason());
        };
    }

    private UpdateResult update(Pending one) throws InterruptedException {
        Grant.RefreshToken grant = (Grant.RefreshToken) account.grant();
        try (Secret rotated = one.refreshToken().unwrap()) {
            return around.access().update(RefreshTokenEntry.of(account, grant, Optional.of(one.replaces()), rotated));
        }
    }

    private TokenFetch.Outcome kept(Pending one) {
        pending.compareAndSet(one, null);
        return new TokenFetch.Outcome.Fetched(one.token());
    }

    /** Gives up. What was pending is lost, which the operator has to hear. */
    void abandon() {
        if (pending.getAndSet(null) != null) {
            LOG.error(
                    "account {}: the last refresh token could not be written and is lost: run postern oauth login {}",
                    Printable.of(account.name()),
                    Printable.of(account.name()));
        }
    }
}
