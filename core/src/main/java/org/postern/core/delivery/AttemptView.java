// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.postern.core.intake.HeaderFields;
import org.postern.core.queue.QueuedMessage;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MessageId;
import org.postern.spi.mail.RoutingDomain;
import org.postern.spi.policy.MessageView;
import org.postern.spi.spool.Spool;

/**
 * A queued message as hooks see it. Its header is read once, when the first hook asks for a field.
 *
 * <p>Threading: hooks follow one another; one that is late may still be looking when nobody waits for it any more.
 */
final class AttemptView implements MessageView {

    private final QueuedMessage message;
    private final Spool spool;
    private volatile HeaderFields fields;

    AttemptView(QueuedMessage message, Spool spool) {
        this.message = message;
        this.spool = spool;
    }

    @Override
    public MessageId id() {
        return message.message().id();
    }

    @Override
    public Envelope envelope() {
        return message.envelope();
    }

    @Override
    public Binding binding() {
        return message.key().binding();
    }

    @Override
    public RoutingDomain routingDomain() {
        return message.key().domain();
    }

    @Override
    public int retries() {
        return message.attempts();
    }

    @Override
    public boolean credentialRefused() {
        return message.credentialRefused();
    }

    @Override
    public long size() {
        return message.message().size();
    }

    @Override
    public List<String> header(String name) throws IOException {
        if (fields == null) {
            try (InputStream content = spool.openContent(id())) {
                fields = HeaderFields.read(content);
            }
        }
        return fields.values(name);
    }
}
