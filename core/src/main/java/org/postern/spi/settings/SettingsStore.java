// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.settings;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Where settings come from. Registered as an OSGi service once its first configuration is in force. It answers what is
 * written at exactly one place and decides nothing about precedence.
 *
 * <p>Threading: called by many threads at once; never blocks. A store calls every {@link SettingsListener} service after
 * it has put another snapshot in force.
 */
@ConsumerType
public interface SettingsStore {

    /** What is in force. Never null; the same object until something changes. */
    SettingsSnapshot current();
}
