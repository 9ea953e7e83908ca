// SPDX-License-Identifier: Apache-2.0
package org.postern.core.queue;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.BodyType;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.mail.MessageId;
import org.postern.spi.mail.RoutingDomain;
import org.postern.spi.spool.RecipientState;
import org.postern.spi.spool.SpooledMessage;

/** Messages for tests. */
public final class Messages {

    /** When all of them were received. */
    public static final Instant RECEIVED = Instant.parse("2026-01-02T03:04:05Z");

    private Messages() {}

    /** A message from {@code sender@example.org} to these. */
    public static SpooledMessage to(String id, String... recipients) {
        return of(id, Optional.of(MailAddress.parse("sender@example.org")), recipients);
    }

    /** A message from this sender to these. */
    public static SpooledMessage of(String id, Optional<MailAddress> sender, String... recipients) {
        List<MailAddress> addresses =
                List.of(recipients).stream().map(MailAddress::parse).toList();
        return new SpooledMessage(
                new MessageId(id),
                new Envelope(sender, addresses, BodyType.SEVEN_BIT, false),
                Binding.DEFAULT,
                Map.of(),
                RECEIVED,
                100,
                addresses.stream().map(a -> RecipientState.fresh(RECEIVED)).toList());
    }

    /** The whole message, queued under its first recipient's domain. */
    public static QueuedMessage queued(SpooledMessage message) {
        RoutingDomain domain = message.envelope().recipients().getFirst().routingDomain();
        List<Integer> all = IntStream.range(0, message.states().size()).boxed().toList();
        return new QueuedMessage(message, new QueueKey(Binding.DEFAULT, domain), all, 0, Map.of(), false);
    }
}
