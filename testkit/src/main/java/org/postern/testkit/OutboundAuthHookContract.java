// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postern.spi.policy.MessageView;
import org.postern.spi.policy.OutboundAuthHook;

/** What every {@link OutboundAuthHook} promises. */
public interface OutboundAuthHookContract {

    /** The hook under test, always the same one. */
    OutboundAuthHook hook();

    /** A message for which the hook sets variables. */
    FixedMessageView message();

    /** What the configuration says, by options' names in lower case. */
    default Map<String, String> configured() {
        return Map.of();
    }

    /** Variables that the hook sets for a message. */
    private Map<String, String> variablesFor(MessageView message) throws Exception {
        MapMessageContext context = new MapMessageContext(message, configured());
        hook().configure(message, context);
        return context.variables();
    }

    @Test
    @DisplayName("hook: sets variables for its message")
    default void setsVariablesForItsMessage() throws Exception {
        assertThat(variablesFor(message())).isNotEmpty();
    }

    /** The same call is made for each attempt, with a context that has what the last one set. */
    @Test
    @DisplayName("hook: comes to the same when it is asked again")
    default void comesToTheSameWhenItIsAskedAgain() throws Exception {
        Map<String, String> first = variablesFor(message());
        assertThat(variablesFor(message())).isEqualTo(first);
        MapMessageContext context = new MapMessageContext(message(), configured());
        first.forEach(context::set);
        hook().configure(message().after(1, false), context);
        assertThat(context.variables()).isEqualTo(first);
    }

    @Test
    @DisplayName("hook: does not mix the messages of many threads")
    default void doesNotMixTheMessagesOfManyThreads() throws Exception {
        Map<String, String> expected = variablesFor(message());
        AtOnce.run(16, worker -> {
            for (int i = 0; i < 50; i++) {
                assertThat(variablesFor(message())).isEqualTo(expected);
            }
            return null;
        });
    }

    /** Bounces have no sender (RFC 5321 section 4.5.5), and most messages lack most fields. */
    @Test
    @DisplayName("hook: decides or throws an exception, whatever the message is")
    default void decidesOrThrowsAnExceptionWhateverTheMessageIs() {
        for (MessageView odd : List.of(
                FixedMessageView.of("", "x@example.test"),
                FixedMessageView.of("a@example.test", "\"x y\"@example.test"),
                FixedMessageView.of("a@example.test", "x@[127.0.0.1]"),
                message().after(Integer.MAX_VALUE, true))) {
            Throwable thrown = catchThrowable(() -> variablesFor(odd));
            if (thrown != null) {
                assertThat(thrown).isInstanceOf(Exception.class);
                assertThat(thrown.getMessage()).as("what the operator is told").isNotBlank();
            }
        }
    }

    /** A message must not go out by another account because its header could not be read. */
    @Test
    @DisplayName("hook: throws where the header that it asks for cannot be read")
    default void throwsWhereTheHeaderThatItAsksForCannotBeRead() throws Exception {
        UnreadableMessage unreadable = new UnreadableMessage(message());
        Throwable thrown = catchThrowable(() -> variablesFor(unreadable));
        assertThat(thrown != null || !unreadable.wasAsked())
                .as("asked for a header, got an exception, and went on")
                .isTrue();
    }
}
