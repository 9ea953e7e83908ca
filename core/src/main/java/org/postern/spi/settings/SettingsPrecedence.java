// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.settings;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Says which of several places wins. Offered by the engine as a service, for bundles that show people or scripts what an
 * option comes to; for a message at hand the engine has done it already.
 *
 * <p>Threading: safe for many threads; never blocks.
 */
@ProviderType
public interface SettingsPrecedence {

    /**
     * What holds for an option at a place, broader scopes and the option's default considered.
     *
     * @param snapshot the configuration that is asked
     * @param place where; a binding without a group is taken in the group that it is declared in
     * @param setting the option
     * @return nothing if nothing is said, or the place that wins cancels what broader ones say
     */
    <T> Optional<T> effective(SettingsSnapshot snapshot, ScopePath place, Setting<T> setting);
}
