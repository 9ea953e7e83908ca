// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.postern.spi.credential.Octets;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslMechanism;
import org.postern.spi.sasl.SaslStep;

/** Whether the contract notices what it is there for. */
class SaslMechanismContractTest {

    /** Keeps the password after close. */
    static class Keeping extends AskedPasswordMechanismTest {
        @Override
        public SaslMechanism mechanism() {
            return (context, credential) -> new Honest(context, credential) {
                @Override
                public void close() {}
            };
        }
    }

    @Test
    void catchesAnExchangeThatDoesNotWipe() {
        assertThat(Failures.of(Keeping.class))
                .containsExactly("wipesOnCloseWhatItHeldAndLeavesTheCredentialToItsOwner");
    }

    /** Closes what belongs to the engine. */
    static class Greedy extends AskedPasswordMechanismTest {
        @Override
        public SaslMechanism mechanism() {
            return (context, credential) -> new Honest(context, credential) {
                @Override
                public void close() {
                    super.close();
                    credential.close();
                }
            };
        }
    }

    @Test
    void catchesAnExchangeThatClosesTheCredential() {
        assertThat(Failures.of(Greedy.class)).contains("wipesOnCloseWhatItHeldAndLeavesTheCredentialToItsOwner");
    }

    /** Has one exchange for everybody. */
    static class Shared extends AskedPasswordMechanismTest {

        private SaslExchange only;

        @Override
        public SaslMechanism mechanism() {
            return (context, credential) -> {
                only = only == null ? new Honest(context, credential) : only;
                return only;
            };
        }
    }

    @Test
    void catchesAMechanismThatSharesExchanges() {
        assertThat(Failures.of(Shared.class)).contains("opensANewExchangeEachTime", "exchangesOfManyThreadsDoNotMix");
    }

    /** Says everything it knows and falls over. */
    static class Talkative extends AskedPasswordMechanismTest {
        @Override
        public SaslMechanism mechanism() {
            return (context, credential) -> {
                String password = ((PasswordCredential) credential)
                        .password()
                        .reveal(octets -> new String(octets, StandardCharsets.UTF_8));
                if (password.indexOf('\0') >= 0) {
                    throw new IllegalArgumentException("cannot say " + password);
                }
                return new Honest(context, credential) {
                    @Override
                    public SaslStep respond(Octets challenge) {
                        if (challenge.length() == 0) {
                            throw new IllegalStateException("no challenge");
                        }
                        return challenge.toUtf8().startsWith("password")
                                ? super.respond(challenge)
                                : new SaslStep.Abort("did not say " + password);
                    }
                };
            };
        }
    }

    @Test
    void catchesAMechanismThatTalksAndThrows() {
        assertThat(Failures.of(Talkative.class))
                .contains(
                        "answersOrAbortsWhateverTheChallengeIs",
                        "tellsNoSecretInTextsForPeople",
                        "namesTheFieldAndNotTheValueWhereACredentialCannotBeExpressed");
    }
}
