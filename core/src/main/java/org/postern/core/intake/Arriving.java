// SPDX-License-Identifier: Apache-2.0
package org.postern.core.intake;

import java.util.List;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.Envelope;
import org.postern.spi.policy.ReceivedMessage;

/**
 * A message that is about to be accepted.
 *
 * @param envelope who it is from and for
 * @param binding as far as it is chosen
 * @param size octets of content
 * @param fields its header
 */
public record Arriving(Envelope envelope, Binding binding, long size, HeaderFields fields) implements ReceivedMessage {

    @Override
    public List<String> header(String name) {
        return fields.values(name);
    }

    /** The same message under another binding. */
    public Arriving under(Binding chosen) {
        return new Arriving(envelope, chosen, size, fields);
    }
}
