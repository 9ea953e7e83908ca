// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.spool;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MessageId;

/**
 * A stored message without its content.
 *
 * @param id its name, given by the spool, never used again
 * @param envelope who it is from and for, as accepted
 * @param binding the binding it leaves through
 * @param context its variables
 * @param received when it was accepted
 * @param size octets of content
 * @param states the state of each recipient, in the order of the envelope
 */
public record SpooledMessage(
        MessageId id,
        Envelope envelope,
        Binding binding,
        Map<String, String> context,
        Instant received,
        long size,
        List<RecipientState> states) {

    /** @throws IllegalArgumentException if there is not exactly one state per recipient */
    public SpooledMessage {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(envelope, "envelope");
        Objects.requireNonNull(binding, "binding");
        Objects.requireNonNull(received, "received");
        context = Map.copyOf(context);
        states = List.copyOf(states);
        if (states.size() != envelope.recipients().size()) {
            throw new IllegalArgumentException("there is one state per recipient");
        }
    }

    /** The same message as far as it is known without its variables. */
    public SpooledMessage withoutContext() {
        return new SpooledMessage(id, envelope, binding, Map.of(), received, size, states);
    }

    /** Names and sizes only; the context may hold personal data. */
    @Override
    public String toString() {
        return "SpooledMessage[" + id + ", " + size + " octets, " + states.size() + " recipients]";
    }
}
