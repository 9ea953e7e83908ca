// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postern.spi.policy.BindingChoice;
import org.postern.spi.policy.BindingHook;
import org.postern.spi.policy.ReceivedMessage;

/** What every {@link BindingHook} promises. */
public interface BindingHookContract {

    /** The hook under test, always the same one. */
    BindingHook hook();

    /** A message for which the hook chooses a binding, always the same one for equal messages. */
    FixedMessageView message();

    /** What was chosen, and the variables that were set. */
    record Decision(BindingChoice choice, Map<String, String> variables) {}

    private Decision decide(ReceivedMessage message) throws Exception {
        MapMessageContext context = MapMessageContext.of(message);
        return new Decision(hook().choose(message, context), context.variables());
    }

    @Test
    @DisplayName("binding hook: chooses for its message")
    default void choosesForItsMessage() throws Exception {
        assertThat(decide(message()).choice()).isNotNull().isNotInstanceOf(BindingChoice.Unchanged.class);
    }

    /** Asked again, it is for variables that were not stored; they have to be the same. */
    @Test
    @DisplayName("binding hook: sets the same variables when it is asked again")
    default void setsTheSameVariablesWhenItIsAskedAgain() throws Exception {
        assertThat(decide(message()).variables()).isEqualTo(decide(message()).variables());
    }

    @Test
    @DisplayName("binding hook: does not mix the messages of many threads")
    default void doesNotMixTheMessagesOfManyThreads() throws Exception {
        Map<String, String> expected = decide(message()).variables();
        AtOnce.run(16, worker -> {
            for (int i = 0; i < 50; i++) {
                assertThat(decide(message()).variables()).isEqualTo(expected);
            }
            return null;
        });
    }

    /** Bounces have no sender (RFC 5321 section 4.5.5), and most messages lack most fields. */
    @Test
    @DisplayName("binding hook: decides or throws an exception, whatever the message is")
    default void decidesOrThrowsAnExceptionWhateverTheMessageIs() {
        for (FixedMessageView odd : List.of(
                FixedMessageView.of("", "x@example.test"),
                FixedMessageView.of("a@example.test", "\"x y\"@example.test"),
                FixedMessageView.of("a@example.test", "x@[127.0.0.1]"))) {
            Throwable thrown =
                    catchThrowable(() -> assertThat(decide(odd).choice()).isNotNull());
            if (thrown != null) {
                assertThat(thrown).isInstanceOf(Exception.class);
                assertThat(thrown.getMessage()).as("what the operator is told").isNotBlank();
            }
        }
    }

    /** A message must not leave by another binding because its header could not be read. */
    @Test
    @DisplayName("binding hook: throws where the header that it asks for cannot be read")
    default void throwsWhereTheHeaderThatItAsksForCannotBeRead() {
        UnreadableMessage unreadable = new UnreadableMessage(message());
        Throwable thrown = catchThrowable(() -> decide(unreadable));
        assertThat(thrown != null || !unreadable.wasAsked())
                .as("asked for a header, got an exception, and went on")
                .isTrue();
    }
}
