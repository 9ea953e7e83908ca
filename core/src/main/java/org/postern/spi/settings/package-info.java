// SPDX-License-Identifier: Apache-2.0
/**
 * Settings, the scopes they can be written in, and the store that reads them.
 *
 * <p>A store answers only what is written at exactly one place; which place wins is decided by the engine. A bundle
 * with options of its own describes them in a {@link org.postern.spi.settings.SettingsVocabulary}.
 */
@Export
@Version("1.2.0")
package org.postern.spi.settings;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
