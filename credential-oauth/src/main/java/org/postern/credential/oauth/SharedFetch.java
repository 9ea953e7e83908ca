// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.postern.credential.oauth.TokenFetch.Outcome;
import org.postern.spi.cluster.Put;
import org.postern.spi.cluster.Register;
import org.postern.spi.cluster.SharedRegisters;
import org.postern.spi.credential.Secret;
import org.postern.spi.text.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets a token where several relays share a queue: one of them asks the provider, under a lease that ends by itself, and the
 * others take what it leaves in the register, be that a token, a refusal or a pause.
 *
 * <p>Threading: {@link #run} belongs to the one request of an account that is under way.
 */
final class SharedFetch {

    private static final Logger LOG = LoggerFactory.getLogger(SharedFetch.class);

    /** A request, its turn among those of all accounts, and what is written afterwards. */
    private static final Duration LEASE = Duration.ofSeconds(60);

    private static final Duration LOOK = Duration.ofMillis(500);

    /** Two leases: whoever meets two relays in a row that die over it may fail for once. */
    private static final int LOOKS = 240;

    /** Who was refused knows so by itself. This is for those who have not asked yet. */
    private static final Duration REFUSAL = Duration.ofDays(1);

    private final Account account;
    private final String name;
    private final TokenFetch fetch;
    private final Optional<SharedRefreshToken> refreshToken;
    private final Surroundings around;

    SharedFetch(Account account, TokenFetch fetch, Surroundings around) {
        this.account = account;
        this.name = SharedName.of(account);
        this.fetch = fetch;
        this.refreshToken = SharedRefreshToken.of(account, around);
        this.around = around;
    }

    /** @throws IOException if the storage did not answer, and the provider was not asked */
    Outcome run(SharedRegisters registers, Wish wish) throws IOException, InterruptedException {
        Optional<Register> there = registers.read(SharedFact.TOPIC, name);
        around.relays().heard();
        // What the operator doubts is what was there before.
        long doubted = wish.byOperator() ? revisionOf(there) : SharedRegisters.ABSENT;
        for (int i = 0; i < LOOKS; i++) {
            try (SharedFact fact = there.flatMap(SharedFact::in).orElseGet(SharedFact.Nothing::new)) {
                if (fact instanceof SharedFact.Lease) {
                    around.relays().pass(LOOK);
                    there = registers.read(SharedFact.TOPIC, name);
                    continue;
                }
                Optional<Outcome> answer = revisionOf(there) == doubted
                        ? hindrance(registers, wish, new SharedFact.Nothing())
                        : answer(registers, wish, fact, there);
                if (answer.isPresent()) {
                    return answer.get();
                }
            }
            switch (registers.put(SharedFact.TOPIC, name, new SharedFact.Lease().octets(), revisionOf(there), LEASE)) {
                case Put.Held held -> {
                    return underLease(registers, wish, held.revision());
                }
                case Put.Beaten beaten -> there = beaten.by();
            }
        }
        return new Outcome.Failed(
                "other relays have been asking for a token and got none", Optional.empty(), Trouble.Who.PROVIDER);
    }

    private static long revisionOf(Optional<Register> register) {
        return register.map(Register::revision).orElse(SharedRegisters.ABSENT);
    }

    /** What follows from what others know; nothing if the provider is to be asked. */
    private Optional<Outcome> answer(SharedRegisters registers, Wish wish, SharedFact fact, Optional<Register> there)
            throws IOException, InterruptedException {
        Duration left = there.map(Register::left).orElse(Duration.ZERO);
        return switch (fact) {
            case SharedFact.Token token -> {
                Optional<Outcome> adopted = adopted(registers, wish, token, left);
                yield adopted.isPresent() ? adopted : hindrance(registers, wish, fact);
            }
            case SharedFact.Wait wait ->
                Optional.of(new Outcome.Failed(wait.reason(), Optional.of(left), Trouble.Who.PROVIDER));
            case SharedFact.Refusal refusal -> hindrance(registers, wish, refusal);
            case SharedFact.Lease lease -> hindrance(registers, wish, fact);
            case SharedFact.Nothing nothing -> hindrance(registers, wish, fact);
        };
    }

    private Optional<Outcome> adopted(SharedRegisters registers, Wish wish, SharedFact.Token token, Duration left)
            throws InterruptedException {
        HeldToken theirs = HeldToken.adopted(account, token.token(), token.life(), left, around);
        if (!HeldToken.isWorthHaving(account, token.life(), left)
                || wish.held().filter(own -> !theirs.isNewerThan(own)).isPresent()) {
            return Optional.empty();
        }
        keepUp(registers);
        return Optional.of(new Outcome.Fetched(theirs));
    }

    /** The register keeps the refresh token as well, so a vault that cannot be written to does no harm here. */
    private void keepUp(SharedRegisters registers) throws InterruptedException {
        try {
            takeOver(registers).ifPresent(reason -> LOG.warn("account {}: {}", Printable.of(account.name()), reason));
        } catch (IOException away) {
            around.relays().lost(away);
        }
    }

    /** Why the provider is not asked, if it is not. */
    private Optional<Outcome> hindrance(SharedRegisters registers, Wish wish, SharedFact fact)
            throws IOException, InterruptedException {
        Optional<String> behind = takeOver(registers);
        if (behind.isPresent()) {
            return Optional.of(TokenFetch.storeFails(behind.get()));
        }
        return fetch.withSecrets(
                known -> {
                    if (TokenFetch.isRefused(wish, known)) {
                        return Optional.of(new Outcome.Unchanged());
                    }
                    return fact instanceof SharedFact.Refusal refusal
                                    && refusal.secrets().equals(tagsOf(registers, known))
                            ? Optional.of(new Outcome.Refused(refusal.code(), refusal.reason(), known.versions()))
                            : Optional.empty();
                },
                Optional::of);
    }

    /** What came of asking, and what the others are told of it. */
    private record Answer(Outcome outcome, SharedFact told, Duration life, boolean hasAnother) {

        static Answer untold(Outcome outcome) {
            return new Answer(outcome, new SharedFact.Nothing(), LEASE, false);
        }
    }

    private Outcome underLease(SharedRegisters registers, Wish wish, long lease)
            throws IOException, InterruptedException {
        Answer answer = Answer.untold(new Outcome.Unchanged());
        try {
            answer = ask(registers, wish);
            if (answer.hasAnother()) {
                answer = ask(registers, wish);
            }
            return answer.outcome();
        } finally {
            tell(registers, answer, lease);
        }
    }

    private Answer ask(SharedRegisters registers, Wish wish) throws IOException, InterruptedException {
        // Once more: until the lease was ours another could have got one.
        Optional<String> behind = takeOver(registers);
        if (behind.isPresent()) {
            return Answer.untold(TokenFetch.storeFails(behind.get()));
        }
        return fetch.withSecrets(
                known -> {
                    Outcome outcome = fetch.ask(known, (used, next) -> goesOn(registers, used, next));
                    return answer(outcome, wish, registers, known);
                },
                Answer::untold);
    }

    private Answer answer(Outcome outcome, Wish wish, SharedRegisters registers, KnownSecrets known) {
        return switch (outcome) {
            case Outcome.Fetched fetched -> {
                HeldToken token = fetched.token();
                yield new Answer(
                        outcome,
                        new SharedFact.Token(token.token().unwrap(), token.life()),
                        token.left(around.clock().instant()),
                        false);
            }
            case Outcome.Refused refused ->
                new Answer(
                        outcome,
                        new SharedFact.Refusal(refused.code(), refused.reason(), tagsOf(registers, known)),
                        REFUSAL,
                        refused.code().equals("invalid_grant") && giveWay(registers, known));
            case Outcome.Failed failed
            when failed.who() == Trouble.Who.PROVIDER ->
                new Answer(
                        outcome,
                        new SharedFact.Wait(failed.reason()),
                        Pauses.afterFailure(wish.failures(), failed.retryAfter(), around.random()),
                        false);
            case Outcome.Failed failed -> Answer.untold(outcome);
            case Outcome.Unchanged unchanged -> Answer.untold(outcome);
        };
    }

    private Optional<String> takeOver(SharedRegisters registers) throws IOException, InterruptedException {
        return refreshToken.isPresent() ? refreshToken.get().takeOver(registers) : Optional.empty();
    }

    /**
     * Told before it is written to the own vault: if this relay ends in between, it takes it over from there, while the
     * others would go on with the old one.
     */
    private void goesOn(SharedRegisters registers, Secret used, Secret next) {
        try {
            if (refreshToken.isPresent()) {
                refreshToken.get().succeeded(registers, used, next);
            }
        } catch (IOException away) {
            around.relays().lost(away);
        }
    }

    private boolean giveWay(SharedRegisters registers, KnownSecrets known) {
        try {
            return refreshToken.isPresent()
                    && refreshToken.get().giveWay(registers, known.grant().orElseThrow());
        } catch (IOException away) {
            around.relays().lost(away);
            return false;
        }
    }

    /** Ends the lease, also where this relay is told to stop. */
    private void tell(SharedRegisters registers, Answer answer, long lease) {
        boolean isStopping = Thread.interrupted();
        byte[] told = answer.told().octets();
        boolean fits =
                told.length <= SharedRegisters.LONGEST_VALUE && answer.life().toMillis() > 0;
        try {
            registers.put(
                    SharedFact.TOPIC,
                    name,
                    fits ? told : new SharedFact.Nothing().octets(),
                    lease,
                    fits ? answer.life() : LEASE);
        } catch (IOException away) {
            around.relays().lost(away);
        } finally {
            Arrays.fill(told, (byte) 0);
            answer.told().close();
            if (isStopping) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static String tagsOf(SharedRegisters registers, KnownSecrets known) {
        return tagOf(registers, known.client()) + " " + tagOf(registers, known.grant());
    }

    private static String tagOf(SharedRegisters registers, Optional<Secret> secret) {
        return secret.map(one -> registers.tag("oauth refusal", one)).orElse("-");
    }
}
