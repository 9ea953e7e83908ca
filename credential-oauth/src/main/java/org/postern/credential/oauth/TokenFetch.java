// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.postern.credential.oauth.Account.Grant;
import org.postern.spi.credential.Secret;

/**
 * Gets a token, from reading the secrets to keeping the refresh token that the provider hands out with it.
 *
 * <p>Threading: {@link #run} belongs to the one request of an account that is under way; {@link #abandon} to any thread.
 */
final class TokenFetch {

    private final Account account;
    private final TokenSource source;
    private final AccountSecrets secrets;
    private final WriteBack writeBack;
    private final Surroundings around;

    TokenFetch(Account account, TokenSource source, Surroundings around) {
        this.account = account;
        this.source = source;
        this.secrets = new AccountSecrets(around.access(), account);
        this.writeBack = new WriteBack(account, around);
        this.around = around;
    }

    /** What came of it. */
    sealed interface Outcome {

        /** A token that may be handed out. */
        record Fetched(HeldToken token) implements Outcome {}

        /**
         * Somebody has to do something first.
         *
         * @param reason what, in one line, without secrets
         * @param versions of the secrets that do not do
         */
        record Refused(String reason, String versions) implements Outcome {}

        /** The secrets are those that were refused, so the provider was not asked. */
        record Unchanged() implements Outcome {}

        /**
         * Not now.
         *
         * @param reason one line, without secrets
         * @param retryAfter how long the provider wants to be left alone, if it says so
         * @param who fails
         */
        record Failed(String reason, Optional<Duration> retryAfter, Trouble.Who who) implements Outcome {}
    }

    /** @param refused the versions of the secrets that the provider has refused, if it has */
    Outcome run(Optional<String> refused) throws InterruptedException {
        if (writeBack.isPending()) {
            return writeBack.write();
        }
        return switch (secrets.read()) {
            case AccountSecrets.Reading.Missing missing -> new Outcome.Refused(missing.reason(), "");
            case AccountSecrets.Reading.Unavailable down -> storeFails(down.reason());
            case AccountSecrets.Reading.Complete complete -> {
                try (KnownSecrets known = complete.known()) {
                    yield refused.filter(known.versions()::equals).isPresent() ? new Outcome.Unchanged() : ask(known);
                }
            }
        };
    }

    static Outcome.Failed storeFails(String reason) {
        return new Outcome.Failed(reason, Optional.empty(), Trouble.Who.STORE);
    }

    private Outcome ask(KnownSecrets known) throws InterruptedException {
        Instant asked = around.clock().instant();
        return switch (source.ask(account, known)) {
            case TokenAnswer.Granted granted -> granted(granted, known, asked);
            case TokenAnswer.Refused refused ->
                new Outcome.Refused(refused.reason() + Advice.on(refused.code(), account), known.versions());
            case TokenAnswer.Failed failed ->
                new Outcome.Failed(failed.reason(), failed.retryAfter(), Trouble.Who.PROVIDER);
        };
    }

    private Outcome granted(TokenAnswer.Granted granted, KnownSecrets known, Instant asked)
            throws InterruptedException {
        HeldToken token;
        try (Secret secret = granted.token()) {
            token = HeldToken.of(account, secret, granted.life(), asked, around);
        }
        if (granted.refreshToken().isEmpty()) {
            return new Outcome.Fetched(token);
        }
        try (Secret rotated = granted.refreshToken().get()) {
            boolean isKept = known.grant().filter(rotated::equals).isPresent();
            if (isKept || !(account.grant() instanceof Grant.RefreshToken)) {
                return new Outcome.Fetched(token);
            }
            // Durable before anybody gets the access token that came with it.
            writeBack.begin(rotated, known.grantVersion().orElseThrow(), token);
            return writeBack.write();
        }
    }

    /** Gives up what could not be kept. */
    void abandon() {
        writeBack.abandon();
    }
}
