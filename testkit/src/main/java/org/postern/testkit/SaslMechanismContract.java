// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postern.spi.credential.BearerToken;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.IdentityOnly;
import org.postern.spi.credential.Octets;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.postern.spi.sasl.SaslContext;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslMechanism;
import org.postern.spi.sasl.SaslStep;

/** What every {@link SaslMechanism} promises. */
public interface SaslMechanismContract {

    /** The mechanism under test. */
    SaslMechanism mechanism();

    /** A credential of a kind that the mechanism can use; a password unless overridden. */
    default Credential credential(String user, Secret secret) {
        return new PasswordCredential(user, secret, new CredentialVersion("1"), Optional.empty(), Set.of());
    }

    /** A session in which the mechanism works. */
    default SaslContext context() {
        return FixedSaslContext.plain();
    }

    /** What a server asks in a run that succeeds, after the initial response. The answers are not looked into. */
    default List<Octets> challenges() {
        return List.of();
    }

    /** Whether equal runs have equal responses; not so where nonces are used. */
    default boolean repeatable() {
        return true;
    }

    /** Whether different users say different things; not so where only the TLS certificate speaks. */
    default boolean dependsOnCredential() {
        return true;
    }

    /** Credentials that cannot be expressed in this mechanism, such as a password with a NUL for PLAIN. */
    default List<Credential> inexpressible() {
        return List.of();
    }

    @Test
    @DisplayName("SASL: opens a new exchange each time")
    default void opensANewExchangeEachTime() {
        try (Credential credential = credential("user", Secret.of("secret-1"));
                SaslExchange first = mechanism().open(context(), credential);
                SaslExchange second = mechanism().open(context(), credential)) {
            assertThat(first).isNotNull().isNotSameAs(second);
        }
    }

    @Test
    @DisplayName("SASL: answers the challenges of a run that succeeds")
    default void answersTheChallengesOfARunThatSucceeds() {
        try (Credential credential = credential("user", Secret.of("secret-1"));
                SaslExchange exchange = mechanism().open(context(), credential)) {
            assertThat(exchange.initialResponse()).isNotNull();
            for (Octets challenge : challenges()) {
                assertThat(exchange.respond(challenge)).isInstanceOf(SaslStep.Respond.class);
            }
            assertThat(exchange.conclude()).isEqualTo(new SaslStep.Complete());
        }
    }

    @Test
    @DisplayName("SASL: answers or aborts, whatever the challenge is")
    default void answersOrAbortsWhateverTheChallengeIs() {
        for (byte[] challenge : oddChallenges()) {
            try (Credential credential = credential("user", Secret.of("secret-1"));
                    SaslExchange exchange = mechanism().open(context(), credential)) {
                exchange.initialResponse();
                for (int i = 0; i < 5; i++) {
                    SaslStep step = exchange.respond(Octets.copyOf(challenge));
                    assertThat(step).isInstanceOfAny(SaslStep.Respond.class, SaslStep.Abort.class);
                    if (step instanceof SaslStep.Abort) {
                        break;
                    }
                }
            }
        }
    }

    private static List<byte[]> oddChallenges() {
        byte[] noise = new byte[12_288];
        new Random(11).nextBytes(noise);
        return List.of(
                new byte[0], new byte[1], new byte[] {(byte) 0xff}, new byte[] {'\r', '\n'}, new byte[] {'='}, noise);
    }

    @Test
    @DisplayName("SASL: exchanges of many threads do not mix")
    default void exchangesOfManyThreadsDoNotMix() throws Exception {
        SaslMechanism shared = mechanism();
        List<List<Octets>> first = AtOnce.run(16, worker -> {
            List<Octets> before = responsesFor(shared, "user" + worker, "secret-" + worker);
            for (int i = 0; i < 50; i++) {
                List<Octets> again = responsesFor(shared, "user" + worker, "secret-" + worker);
                assertThat(again).hasSameSizeAs(before);
                assertThat(repeatable() ? again : before).isEqualTo(before);
            }
            return before;
        });
        if (dependsOnCredential()) {
            assertThat(first).as("what 16 users said").doesNotHaveDuplicates();
        }
    }

    private List<Octets> responsesFor(SaslMechanism mechanism, String user, String secret) {
        List<Octets> responses = new ArrayList<>();
        try (Credential credential = credential(user, Secret.of(secret));
                SaslExchange exchange = mechanism.open(context(), credential)) {
            exchange.initialResponse().ifPresent(responses::add);
            for (Octets challenge : challenges()) {
                if (exchange.respond(challenge) instanceof SaslStep.Respond respond) {
                    responses.add(respond.response());
                }
            }
        }
        return responses;
    }

    @Test
    @DisplayName("SASL: gives octets that survive the wiping of those given before")
    default void givesOctetsThatSurviveTheWipingOfThoseGivenBefore() {
        if (!repeatable()) {
            return;
        }
        List<Octets> expected = responsesFor(mechanism(), "user", "secret-1");
        responsesFor(mechanism(), "user", "secret-1").forEach(Octets::wipe);
        assertThat(responsesFor(mechanism(), "user", "secret-1")).isEqualTo(expected);
    }

    @Test
    @DisplayName("SASL: tells no secret in texts for people")
    default void tellsNoSecretInTextsForPeople() {
        Canaries canaries = new Canaries();
        try (Credential credential = credential("user", Secret.of(canaries.plant("secret")));
                SaslExchange exchange = mechanism().open(context(), credential)) {
            canaries.assertAbsentFrom("the mechanism's text", mechanism().toString());
            exchange.initialResponse();
            for (byte[] challenge : oddChallenges()) {
                SaslStep step = exchange.respond(Octets.copyOf(challenge));
                canaries.assertAbsentFrom("the exchange's text", exchange.toString());
                if (step instanceof SaslStep.Abort abort) {
                    assertThat(abort.reason()).isNotBlank().doesNotContain("\n", "\r");
                    canaries.assertAbsentFrom("the reason of an abort", abort.reason());
                }
            }
        }
    }

    @Test
    @DisplayName("SASL: names the field and not the value where a credential cannot be expressed")
    default void namesTheFieldAndNotTheValueWhereACredentialCannotBeExpressed() {
        for (Credential credential : inexpressible()) {
            Canaries canaries = new Canaries();
            secretOf(credential)
                    .filter(secret -> secret.length() >= 6)
                    .ifPresent(secret -> secret.reveal(octets -> canaries.watch("secret", octets)));
            Throwable thrown =
                    catchThrowable(() -> mechanism().open(context(), credential).close());
            assertThat(thrown).isInstanceOf(IllegalArgumentException.class);
            assertThat(thrown.getMessage()).isNotBlank();
            canaries.assertAbsentFrom("the exception", thrown);
        }
    }

    @Test
    @DisplayName("SASL: can be closed at every point")
    default void canBeClosedAtEveryPoint() {
        for (int steps = 0; steps <= challenges().size() + 1; steps++) {
            try (Credential credential = credential("user", Secret.of("secret-1"));
                    SaslExchange exchange = mechanism().open(context(), credential)) {
                if (steps > 0) {
                    exchange.initialResponse();
                }
                for (int i = 0; i < steps - 1; i++) {
                    exchange.respond(challenges().get(i));
                }
            }
        }
    }

    @Test
    @DisplayName("SASL: wipes on close what it held, and leaves the credential to its owner")
    default void wipesOnCloseWhatItHeldAndLeavesTheCredentialToItsOwner() throws Exception {
        Canaries canaries = new Canaries();
        try (Credential credential = credential("user", Secret.of(canaries.plant("secret")))) {
            SaslExchange exchange = mechanism().open(context(), credential);
            exchange.initialResponse().ifPresent(Octets::wipe);
            for (Octets challenge : challenges()) {
                if (exchange.respond(challenge) instanceof SaslStep.Respond respond) {
                    respond.response().wipe();
                }
            }
            exchange.close();
            assertThat(HeldSecrets.in(exchange, canaries, credential))
                    .as("the exchange still holds the secret after close")
                    .isFalse();
            secretOf(credential)
                    .ifPresent(secret -> assertThat((int) secret.reveal(
                                    octets -> canaries.findIn(octets).size()))
                            .as("the credential is still whole")
                            .isPositive());
        }
    }

    private static Optional<Secret> secretOf(Credential credential) {
        return switch (credential) {
            case PasswordCredential password -> Optional.of(password.password());
            case BearerToken bearer -> Optional.of(bearer.token());
            case IdentityOnly nobody -> Optional.empty();
        };
    }
}
