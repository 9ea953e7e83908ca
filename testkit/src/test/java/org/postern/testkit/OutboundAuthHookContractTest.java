// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.postern.spi.policy.MessageContext;
import org.postern.spi.policy.MessageView;
import org.postern.spi.policy.OutboundAuthHook;

/** Whether the contract notices what it is there for. */
class OutboundAuthHookContractTest {

    /** Does what is promised. */
    static class Honest implements OutboundAuthHookContract {

        @Override
        public OutboundAuthHook hook() {
            return (message, context) -> {
                for (String tenant : message.header("X-Tenant")) {
                    context.set("outbound_smtp_auth_key", tenant);
                }
            };
        }

        @Override
        public FixedMessageView message() {
            return FixedMessageView.of("a@example.test", "b@example.test").with("X-Tenant", "acme");
        }
    }

    @Test
    void findsNothingWrongWithAnHonestHook() {
        assertThat(Failures.of(Honest.class)).isEmpty();
    }

    /** Counts, keeps the message in a field, and takes what cannot be read for nothing. */
    static class Sloppy extends Honest {

        private int calls;
        private String tenant;

        @Override
        public OutboundAuthHook hook() {
            return this::configure;
        }

        private void configure(MessageView message, MessageContext context) {
            try {
                tenant = message.header("X-Tenant").getFirst() + calls++;
            } catch (IOException unreadable) {
                tenant = "default";
            }
            context.set("outbound_smtp_auth_key", tenant);
        }
    }

    @Test
    void catchesAHookThatRemembersAndGuesses() {
        assertThat(Failures.of(Sloppy.class))
                .contains(
                        "comesToTheSameWhenItIsAskedAgain",
                        "doesNotMixTheMessagesOfManyThreads",
                        "throwsWhereTheHeaderThatItAsksForCannotBeRead");
    }

    /** Wants a sender. */
    static class Narrow extends Honest {
        @Override
        public OutboundAuthHook hook() {
            return (message, context) -> {
                if (message.envelope().sender().isEmpty()) {
                    throw new AssertionError();
                }
            };
        }
    }

    @Test
    void catchesAHookThatDiesOfABounceAndOneThatDoesNothing() {
        assertThat(Failures.of(Narrow.class))
                .contains("setsVariablesForItsMessage", "decidesOrThrowsAnExceptionWhateverTheMessageIs");
    }

    @Test
    void theContextShowsVariablesBeforeTheConfigurationAndKeepsWhatIsAlwaysThere() {
        FixedMessageView message = FixedMessageView.of("a@Example.test", "b@peer.example");
        MapMessageContext context = new MapMessageContext(message, Map.of("outbound_smtp_auth_user", "configured"));
        assertThat(context.get("rcptto_domain")).hasValue("peer.example");
        assertThat(context.get("outbound_smtp_auth_user")).hasValue("configured");
        context.set("outbound_smtp_auth_user", "set");
        assertThat(context.get("outbound_smtp_auth_user")).hasValue("set");
        assertThat(context.delete("outbound_smtp_auth_user")).isTrue();
        assertThat(context.get("outbound_smtp_auth_user")).hasValue("configured");
        assertThatThrownBy(() -> context.set("mailfrom_string", "x")).isInstanceOf(IllegalArgumentException.class);
    }
}
