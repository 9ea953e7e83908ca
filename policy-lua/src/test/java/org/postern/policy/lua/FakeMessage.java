// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.BindingGroup;
import org.postern.spi.mail.BodyType;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.mail.MessageId;
import org.postern.spi.mail.RoutingDomain;
import org.postern.spi.policy.MessageContext;
import org.postern.spi.policy.MessageView;
import org.postern.spi.policy.ReceivedMessage;

/** A message with a header and variables, as the engine shows it to hooks. */
final class FakeMessage implements MessageView, MessageContext {

    final Map<String, String> variables = new HashMap<>();
    final Map<String, List<String>> fields = new HashMap<>();
    int retries;
    boolean refused;

    /** The same message at reception, where less is known of it. */
    ReceivedMessage received() {
        FakeMessage whole = this;
        return new ReceivedMessage() {
            @Override
            public Envelope envelope() {
                return whole.envelope();
            }

            @Override
            public Binding binding() {
                return whole.binding();
            }

            @Override
            public long size() {
                return whole.size();
            }

            @Override
            public List<String> header(String name) {
                return whole.header(name);
            }
        };
    }

    @Override
    public MessageId id() {
        return new MessageId("m-1");
    }

    @Override
    public Envelope envelope() {
        return new Envelope(
                Optional.of(MailAddress.parse("boss@Example.ORG")),
                List.of(MailAddress.parse("a@one.example"), MailAddress.parse("b@one.example")),
                BodyType.SEVEN_BIT,
                false);
    }

    @Override
    public Binding binding() {
        return new Binding(new BindingGroup("group"), "customer");
    }

    @Override
    public RoutingDomain routingDomain() {
        return RoutingDomain.of("one.example");
    }

    @Override
    public int retries() {
        return retries;
    }

    @Override
    public boolean credentialRefused() {
        return refused;
    }

    @Override
    public long size() {
        return 1_234;
    }

    @Override
    public List<String> header(String name) {
        return fields.getOrDefault(name, List.of());
    }

    @Override
    public Optional<String> get(String name) {
        return name.equals("rcptto_domain") ? Optional.of("one.example") : Optional.ofNullable(variables.get(name));
    }

    @Override
    public void set(String name, String value) {
        if (name.equals("rcptto_domain")) {
            throw new IllegalArgumentException("variable rcptto_domain is predefined and cannot be set");
        }
        variables.put(name, value);
    }

    @Override
    public boolean delete(String name) {
        return variables.remove(name) != null;
    }
}
