// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.policy;

import org.osgi.annotation.versioning.ProviderType;
import org.postern.spi.mail.MessageId;
import org.postern.spi.mail.RoutingDomain;

/** What a hook may know of the message that is about to be delivered; the envelope has the recipients of this attempt. */
@ProviderType
public interface MessageView extends ReceivedMessage {

    /** The message's name. */
    MessageId id();

    /** The domain it is queued under. */
    RoutingDomain routingDomain();

    /** Attempts counted so far; 0 on the first. */
    int retries();

    /**
     * Whether the credential that this message was last authenticated with was refused by the peer for good (535 and other
     * final replies). A hook that remembers credentials asks their source again then: the same answer would only be
     * refused, or held back, once more.
     */
    boolean credentialRefused();
}
