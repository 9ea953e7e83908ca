// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.postern.spi.policy.BindingChoice;
import org.postern.spi.policy.BindingHook;

/** Whether the contract notices what it is there for. */
class BindingHookContractTest {

    /** Does what is promised. */
    static class Honest implements BindingHookContract {

        @Override
        public BindingHook hook() {
            return (message, context) -> {
                context.set("campaign", "spring");
                return message.header("X-Pool").isEmpty()
                        ? new BindingChoice.Unchanged()
                        : new BindingChoice.Named(message.header("X-Pool").getFirst());
            };
        }

        @Override
        public FixedMessageView message() {
            return FixedMessageView.of("a@example.test", "b@example.test").with("X-Pool", "bulk");
        }
    }

    @Test
    void findsNothingWrongWithAnHonestHook() {
        assertThat(Failures.of(Honest.class)).isEmpty();
    }

    /** Counts, chooses nothing, and takes what cannot be read for nothing. */
    static class Sloppy extends Honest {

        private final AtomicInteger calls = new AtomicInteger();

        @Override
        public BindingHook hook() {
            return (message, context) -> {
                context.set("call", Integer.toString(calls.incrementAndGet()));
                try {
                    message.header("X-Pool");
                } catch (IOException unreadable) {
                    return new BindingChoice.Unchanged();
                }
                return null;
            };
        }
    }

    @Test
    void catchesAHookThatRemembersAndDoesNotChoose() {
        assertThat(Failures.of(Sloppy.class))
                .containsExactlyInAnyOrder(
                        "choosesForItsMessage",
                        "setsTheSameVariablesWhenItIsAskedAgain",
                        "doesNotMixTheMessagesOfManyThreads",
                        "decidesOrThrowsAnExceptionWhateverTheMessageIs",
                        "throwsWhereTheHeaderThatItAsksForCannotBeRead");
    }
}
