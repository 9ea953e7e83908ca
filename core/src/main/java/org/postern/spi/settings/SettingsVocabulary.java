// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.settings;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The options and stanzas that a bundle understands. Registered as an OSGi service that depends on no configuration, so
 * that it is there before the configuration is read. A vocabulary once seen stays known until the store is restarted: a
 * bundle that is being replaced does not make a configuration wrong.
 */
@ConsumerType
public interface SettingsVocabulary {

    /** Options of scopes. */
    List<Setting<?>> settings();

    /** Stanzas of bundles. */
    List<StanzaType> stanzas();
}
