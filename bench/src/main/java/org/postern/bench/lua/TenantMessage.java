// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.lua;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.BodyType;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.mail.MessageId;
import org.postern.spi.mail.RoutingDomain;
import org.postern.spi.policy.MessageContext;
import org.postern.spi.policy.MessageView;

/** A message with the header field {@code X-Tenant}; each thread has one. */
@State(Scope.Thread)
public class TenantMessage implements MessageView, MessageContext {

    private final Map<String, String> variables = new HashMap<>();
    private final Envelope envelope = new Envelope(
            Optional.of(MailAddress.parse("s@example.org")),
            List.of(MailAddress.parse("r@example.com")),
            BodyType.SEVEN_BIT,
            false);

    @Override
    public MessageId id() {
        return new MessageId("m-1");
    }

    @Override
    public Envelope envelope() {
        return envelope;
    }

    @Override
    public Binding binding() {
        return Binding.DEFAULT;
    }

    @Override
    public RoutingDomain routingDomain() {
        return new RoutingDomain("example.com");
    }

    @Override
    public int retries() {
        return 0;
    }

    @Override
    public boolean credentialRefused() {
        return false;
    }

    @Override
    public long size() {
        return 4_096;
    }

    @Override
    public List<String> header(String name) {
        return name.equalsIgnoreCase("X-Tenant") ? List.of("blue") : List.of();
    }

    @Override
    public Optional<String> get(String name) {
        return Optional.ofNullable(variables.get(name));
    }

    @Override
    public void set(String name, String value) {
        variables.put(name, value);
    }

    @Override
    public boolean delete(String name) {
        return variables.remove(name) != null;
    }
}
