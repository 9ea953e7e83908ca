// SPDX-License-Identifier: Apache-2.0
package org.example.sample;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.postern.spi.policy.MessageContext;
import org.postern.spi.policy.MessageView;
import org.postern.spi.policy.OutboundAuthHook;
import org.postern.spi.policy.OutboundAuthSettings;

/**
 * Authenticates as the message's sender; the password, or the key of one, stays that of the configuration. Put your own
 * choice in its place.
 *
 * <p>Threading: several messages are asked for at once. The hook has a deadline, and a message for which it throws or is
 * late waits: it never goes out by an account that the hook might not have chosen.
 */
@Component
public final class SampleHook implements OutboundAuthHook {

    /** Has no settings. */
    @Activate
    public SampleHook() {}

    /** Called once for each attempt. What is set wins over the configuration, for this message. */
    @Override
    public void configure(MessageView message, MessageContext context) {
        // Bounces have no sender.
        message.envelope()
                .sender()
                .ifPresent(sender -> context.set(OutboundAuthSettings.USER.key(), sender.toString()));
    }
}
