// SPDX-License-Identifier: Apache-2.0
/**
 * What the engine reports while it works. No event can hold a secret.
 */
@Export
@Version("1.0.0")
package org.postern.spi.event;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
