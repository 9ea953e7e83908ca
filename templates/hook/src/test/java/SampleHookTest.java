// SPDX-License-Identifier: Apache-2.0
package org.example.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.postern.spi.policy.OutboundAuthHook;
import org.postern.testkit.FixedMessageView;
import org.postern.testkit.MapMessageContext;
import org.postern.testkit.OutboundAuthHookContract;

/** What every hook promises comes from the contract; below it stands what this one promises. */
class SampleHookTest implements OutboundAuthHookContract {

    private final SampleHook hook = new SampleHook();

    @Override
    public OutboundAuthHook hook() {
        return hook;
    }

    @Override
    public FixedMessageView message() {
        return FixedMessageView.of("me@example.com", "you@partner.example");
    }

    private Map<String, String> variables(FixedMessageView message) {
        MapMessageContext context = MapMessageContext.of(message);
        hook.configure(message, context);
        return context.variables();
    }

    @Test
    void authenticatesAsTheSender() {
        assertThat(variables(message())).isEqualTo(Map.of("outbound_smtp_auth_user", "me@example.com"));
    }

    @Test
    void leavesBouncesToTheConfiguration() {
        assertThat(variables(FixedMessageView.of("", "you@partner.example"))).isEmpty();
    }
}
