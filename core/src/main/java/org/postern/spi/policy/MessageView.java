// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.policy;

import org.osgi.annotation.versioning.ProviderType;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MessageId;
import org.postern.spi.mail.RoutingDomain;

/** What a hook may know of the message that is about to be delivered. */
@ProviderType
public interface MessageView {

    /** The message's name. */
    MessageId id();

    /** Sender, and the recipients of this attempt. */
    Envelope envelope();

    /** The binding it leaves through. */
    Binding binding();

    /** The domain it is queued under. */
    RoutingDomain routingDomain();

    /** Attempts counted so far; 0 on the first. */
    int retries();

    /** Octets of content. */
    long size();
}
