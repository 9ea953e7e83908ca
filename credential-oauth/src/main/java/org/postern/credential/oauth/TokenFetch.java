// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.postern.credential.oauth.Account.Grant;
import org.postern.spi.cluster.SharedRegisters;
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
    private final SharedFetch shared;
    private final Surroundings around;

    TokenFetch(Account account, TokenSource source, Surroundings around) {
        this.account = account;
        this.source = source;
        this.secrets = new AccountSecrets(around.access(), account);
        this.writeBack = new WriteBack(account, around);
        this.shared = new SharedFetch(account, this, around);
        this.around = around;
    }

    /** What came of it. */
    sealed interface Outcome {

        /** A token that may be handed out. */
        record Fetched(HeldToken token) implements Outcome {}

        /**
         * Somebody has to do something first.
         *
         * @param code the provider's error code (RFC 6749 section 5.2); empty where it was not asked
         * @param reason what, in one line, without secrets
         * @param versions of the secrets that do not do
         */
        record Refused(String code, String reason, String versions) implements Outcome {}

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

    /** Hears which refresh token the provider took, and which one it takes next, before anybody else relies on it. */
    @FunctionalInterface
    interface Succession {

        /** Both stay the caller's, and may be the same. */
        void goesOn(Secret used, Secret next);
    }

    /** From the provider, or from another relay that has just asked it. */
    Outcome run(Wish wish) throws InterruptedException {
        if (writeBack.isPending()) {
            return writeBack.write();
        }
        Optional<SharedRegisters> registers = around.relays().registers();
        if (registers.isPresent()) {
            try {
                return shared.run(registers.get(), wish);
            } catch (IOException away) {
                around.relays().lost(away);
            }
        }
        return alone(wish);
    }

    private Outcome alone(Wish wish) throws InterruptedException {
        return withSecrets(
                known -> isRefused(wish, known) ? new Outcome.Unchanged() : ask(known, (used, next) -> {}),
                hindrance -> hindrance);
    }

    /** What is done with the secrets of an account. */
    @FunctionalInterface
    interface Use<T> {

        /** The secrets stay the caller's. */
        T of(KnownSecrets known) throws InterruptedException;
    }

    /** Reads the secrets for some use, or says otherwise what hinders it. */
    <T> T withSecrets(Use<T> use, Function<Outcome, T> otherwise) throws InterruptedException {
        return switch (secrets.read()) {
            case AccountSecrets.Reading.Missing missing ->
                otherwise.apply(new Outcome.Refused("", missing.reason(), ""));
            case AccountSecrets.Reading.Unavailable down -> otherwise.apply(storeFails(down.reason()));
            case AccountSecrets.Reading.Complete complete -> {
                try (KnownSecrets known = complete.known()) {
                    yield use.of(known);
                }
            }
        };
    }

    static boolean isRefused(Wish wish, KnownSecrets known) {
        return wish.refused().filter(known.versions()::equals).isPresent();
    }

    static Outcome.Failed storeFails(String reason) {
        return new Outcome.Failed(reason, Optional.empty(), Trouble.Who.STORE);
    }

    /** Asks the provider, and keeps the refresh token that it wants next time. */
    Outcome ask(KnownSecrets known, Succession succession) throws InterruptedException {
        Instant asked = around.clock().instant();
        return switch (source.ask(account, known)) {
            case TokenAnswer.Granted granted -> granted(granted, known, asked, succession);
            case TokenAnswer.Refused refused ->
                new Outcome.Refused(
                        refused.code(), refused.reason() + Advice.on(refused.code(), account), known.versions());
            case TokenAnswer.Failed failed ->
                new Outcome.Failed(failed.reason(), failed.retryAfter(), Trouble.Who.PROVIDER);
        };
    }

    private Outcome granted(TokenAnswer.Granted granted, KnownSecrets known, Instant asked, Succession succession)
            throws InterruptedException {
        HeldToken token;
        try (Secret secret = granted.token()) {
            token = HeldToken.of(account, secret, granted.life(), asked, around);
        }
        if (!(account.grant() instanceof Grant.RefreshToken)) {
            granted.refreshToken().ifPresent(Secret::close);
            return new Outcome.Fetched(token);
        }
        Secret used = known.grant().orElseThrow();
        try (Secret next = granted.refreshToken().orElseGet(used::copy)) {
            succession.goesOn(used, next);
            if (next.equals(used)) {
                return new Outcome.Fetched(token);
            }
            // Durable before anybody gets the access token that came with it.
            writeBack.begin(next, known.grantVersion().orElseThrow(), token);
            return writeBack.write();
        }
    }

    /** Gives up what could not be kept. */
    void abandon() {
        writeBack.abandon();
    }
}
