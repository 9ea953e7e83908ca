// SPDX-License-Identifier: Apache-2.0
package org.postern.core.scope;

import java.util.Map;
import org.postern.spi.policy.ResolvedAuth;
import org.postern.spi.settings.Origin;

/** Puts the message context over what the scopes say about authentication. Threading: stateless. */
public final class AuthResolution {

    /** The origin of what a variable of the message context says. */
    public static final Origin CONTEXT = new Origin("<message context>", 1, 1);

    /**
     * How one message is authenticated. A variable with an option's name in lower case overrides the option; an empty
     * one, or {@code false}, cancels it.
     *
     * @param resolution what the scopes say
     * @param context the variables that hooks and reception have set, and nothing else
     * @return mechanisms in upper case; the password, if any, belongs to the snapshot and is not to be closed
     */
    public ResolvedAuth resolve(Resolution resolution, Map<String, String> context) {
        throw new UnsupportedOperationException();
    }
}
