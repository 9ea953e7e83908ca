// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.policy;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Called once for each message as it is accepted, to choose the binding that it leaves through. Hooks are called in the
 * order of {@code service.ranking}, highest first; each sees what the one before it chose, and the last one decides.
 *
 * <p>Variables that a hook sets travel with the message, and those with the name of an option override it. A password
 * among them is not stored unless the configuration says so; where it is missing later, the hook is asked again for the
 * variables, and what it chooses then has no effect.
 *
 * <p>Threading: called by several threads at once, with a deadline. While it works the sender waits for its reply. A hook
 * that throws or is late has the message refused for now: it never leaves through a binding that the hook might not have
 * chosen.
 */
@ConsumerType
public interface BindingHook {

    /**
     * Chooses.
     *
     * @param message with all its recipients, and the binding that holds so far
     * @param context the message's variables; options of scopes do not show through, because recipients may differ in them
     * @return never null
     */
    BindingChoice choose(ReceivedMessage message, MessageContext context) throws Exception;
}
