// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.settings;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Offered by the engine as a service, for stores to call.
 *
 * <p>Threading: may be called by any thread; returns soon.
 */
@ProviderType
public interface SettingsListener {

    /** Another snapshot is in force. */
    void changed(SettingsSnapshot snapshot);
}
