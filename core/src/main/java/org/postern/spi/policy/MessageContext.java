// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.policy;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The variables that travel with a message. Names are case-sensitive. A variable with the name of an option, in lower
 * case, overrides the option for this message.
 *
 * <p>Threading: used by one thread at a time.
 */
@ProviderType
public interface MessageContext {

    /** The variable, or else what the configuration resolves to for an option of this name. */
    Optional<String> get(String name);

    /** Sets a variable. */
    void set(String name, String value);

    /** Removes a variable; what the configuration says shows again. Returns whether there was one. */
    boolean delete(String name);
}
