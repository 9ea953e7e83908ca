// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.policy;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Called once per attempt, before a session is chosen, to change how the message is authenticated. Hooks are called in
 * the order of {@code service.ranking}, highest first.
 *
 * <p>Threading: called by several threads at once, with a deadline. A hook that throws or is late defers the message; it
 * is never sent without the authentication that the hook might have asked for.
 */
@ConsumerType
public interface OutboundAuthHook {

    /** Sets variables named like options in the context. */
    void configure(MessageView message, MessageContext context) throws Exception;
}
