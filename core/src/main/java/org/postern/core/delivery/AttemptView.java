// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import org.postern.core.queue.QueuedMessage;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MessageId;
import org.postern.spi.mail.RoutingDomain;
import org.postern.spi.policy.MessageView;

/**
 * A queued message as hooks see it.
 *
 * @param message what is to be delivered
 */
record AttemptView(QueuedMessage message) implements MessageView {

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
    public long size() {
        return message.message().size();
    }
}
