// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.policy;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The variables that travel with a message. Names are case-sensitive. A variable with the name of an option, in lower
 * case, overrides the option for this message.
 *
 * <p>Some variables are always there and cannot be changed: {@code mailfrom_string}, {@code mailfrom_localpart},
 * {@code mailfrom_domain}, {@code rcptto_string}, {@code rcptto_localpart} and {@code rcptto_domain}. They are empty for
 * the null sender; of several recipients they show the first. Domains are in lower case.
 *
 * <p>Threading: used by one thread at a time.
 */
@ProviderType
public interface MessageContext {

    /** The variable, or else what the configuration resolves to for an option of this name. */
    Optional<String> get(String name);

    /**
     * Sets a variable.
     *
     * @throws IllegalArgumentException if it is one of those that are always there
     */
    void set(String name, String value);

    /** Removes a variable; what the configuration says shows again. Returns whether there was one to remove. */
    boolean delete(String name);
}
