// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import java.io.IOException;
import java.util.List;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MessageId;
import org.postern.spi.mail.RoutingDomain;
import org.postern.spi.policy.MessageView;

/** A message of which the storage fails while the header is read. */
final class UnreadableMessage implements MessageView {

    private final MessageView message;
    private boolean asked;

    UnreadableMessage(MessageView message) {
        this.message = message;
    }

    @Override
    public List<String> header(String name) throws IOException {
        asked = true;
        throw new IOException("the disk is gone");
    }

    boolean wasAsked() {
        return asked;
    }

    @Override
    public MessageId id() {
        return message.id();
    }

    @Override
    public RoutingDomain routingDomain() {
        return message.routingDomain();
    }

    @Override
    public int retries() {
        return message.retries();
    }

    @Override
    public boolean credentialRefused() {
        return message.credentialRefused();
    }

    @Override
    public Envelope envelope() {
        return message.envelope();
    }

    @Override
    public Binding binding() {
        return message.binding();
    }

    @Override
    public long size() {
        return message.size();
    }
}
