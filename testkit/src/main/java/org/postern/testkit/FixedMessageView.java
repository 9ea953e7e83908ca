// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.BodyType;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.mail.MessageId;
import org.postern.spi.mail.RoutingDomain;
import org.postern.spi.policy.MessageView;

/**
 * A message as a test wants it, for hooks.
 *
 * @param id its name
 * @param envelope sender and recipients
 * @param binding the binding it leaves through
 * @param routingDomain the domain it is queued under
 * @param retries attempts so far
 * @param credentialRefused whether the last credential was refused
 * @param size octets of content
 * @param fields what the header fields say, by their names in lower case
 */
public record FixedMessageView(
        MessageId id,
        Envelope envelope,
        Binding binding,
        RoutingDomain routingDomain,
        int retries,
        boolean credentialRefused,
        long size,
        Map<String, List<String>> fields)
        implements MessageView {

    /** From one to another, in the default binding, without a header; the recipient's domain is the routing domain. */
    public static FixedMessageView of(String sender, String recipient) {
        MailAddress to = MailAddress.parse(recipient);
        Envelope envelope = new Envelope(
                Optional.of(sender).filter(text -> !text.isEmpty()).map(MailAddress::parse),
                List.of(to),
                BodyType.SEVEN_BIT,
                false);
        RoutingDomain domain = RoutingDomain.of(recipient.substring(recipient.lastIndexOf('@') + 1));
        return new FixedMessageView(new MessageId("m1"), envelope, Binding.DEFAULT, domain, 0, false, 1_000, Map.of());
    }

    /** The same message with one more header field, below those that it has. */
    public FixedMessageView with(String name, String value) {
        Map<String, List<String>> more = new TreeMap<>(fields);
        List<String> values = new ArrayList<>(header(name));
        values.add(value);
        more.put(name.toLowerCase(Locale.ROOT), values);
        return new FixedMessageView(
                id, envelope, binding, routingDomain, retries, credentialRefused, size, Map.copyOf(more));
    }

    /** The same message in this binding. */
    public FixedMessageView in(Binding other) {
        return new FixedMessageView(id, envelope, other, routingDomain, retries, credentialRefused, size, fields);
    }

    /** The same message on a later attempt. */
    public FixedMessageView after(int attempts, boolean refused) {
        return new FixedMessageView(id, envelope, binding, routingDomain, attempts, refused, size, fields);
    }

    @Override
    public List<String> header(String name) {
        return fields.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }
}
