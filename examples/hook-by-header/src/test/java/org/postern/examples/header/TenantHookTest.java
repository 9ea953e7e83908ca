// SPDX-License-Identifier: Apache-2.0
package org.postern.examples.header;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.policy.OutboundAuthHook;
import org.postern.testkit.FixedMessageView;
import org.postern.testkit.MapMessageContext;
import org.postern.testkit.OutboundAuthHookContract;

/** What every hook promises, and which credential a tenant has. */
class TenantHookTest implements OutboundAuthHookContract {

    private static final FixedMessageView PLAIN = FixedMessageView.of("a@example.test", "b@peer.example");

    private final TenantHook hook = new TenantHook();

    @Override
    public OutboundAuthHook hook() {
        return hook;
    }

    @Override
    public FixedMessageView message() {
        return PLAIN.with("X-Tenant", "acme");
    }

    private Map<String, String> variables(FixedMessageView message) throws IOException {
        MapMessageContext context = MapMessageContext.of(message);
        hook.configure(message, context);
        return context.variables();
    }

    @Test
    void choosesTheCredentialOfTheTenant() throws Exception {
        assertThat(variables(PLAIN.with("x-tenant", "acme")))
                .isEqualTo(Map.of("outbound_smtp_auth_key", "tenant-acme"));
    }

    @Test
    void leavesAMessageWithoutTheFieldToTheConfiguration() throws Exception {
        assertThat(variables(PLAIN)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "Acme",
                "a b",
                "../vault",
                "a:b",
                "acme\u00e9",
                "acme, other",
                "a23456789012345678901234567890123"
            })
    void refusesWhatNamesNoTenant(String value) {
        assertThatThrownBy(() -> variables(PLAIN.with("X-Tenant", value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("X-Tenant");
    }

    @Test
    void refusesTwoFieldsEvenIfTheyAgree() {
        assertThatThrownBy(() -> variables(message().with("X-Tenant", "acme")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
