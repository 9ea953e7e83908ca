// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.event;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.postern.spi.credential.AuthIdentity;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.DeliveryOutcome;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.mail.MessageId;
import org.postern.spi.mail.RoutingDomain;

/** What the engine reports. No event can hold a secret. */
public sealed interface DeliveryEvent {

    /** When it happened. */
    Instant at();

    /**
     * A message is durable.
     *
     * @param at when
     * @param message its name
     * @param sender the reverse-path, empty for none
     * @param recipients how many
     * @param size octets of content
     */
    record Accepted(Instant at, MessageId message, String sender, int recipients, long size) implements DeliveryEvent {}

    /**
     * A session with a peer is ready for mail.
     *
     * @param at when
     * @param peer name and port as configured
     * @param tls protocol, suite and verdict, if the session is under TLS
     * @param mechanism the SASL mechanism, if the session is authenticated
     * @param identity as whom, if the session is authenticated
     */
    record SessionOpened(
            Instant at, String peer, Optional<String> tls, Optional<String> mechanism, Optional<AuthIdentity> identity)
            implements DeliveryEvent {}

    /**
     * An attempt ended for these recipients.
     *
     * @param at when
     * @param message its name
     * @param binding the binding
     * @param domain the routing domain
     * @param recipients those concerned
     * @param peer name and port of the peer, if one was reached
     * @param identity as whom the session was authenticated, if it was
     * @param outcome what became of them
     */
    record AttemptEnded(
            Instant at,
            MessageId message,
            Binding binding,
            RoutingDomain domain,
            List<MailAddress> recipients,
            Optional<String> peer,
            Optional<AuthIdentity> identity,
            DeliveryOutcome outcome)
            implements DeliveryEvent {}
}
