// SPDX-License-Identifier: Apache-2.0
/**
 * Hooks that may change how a message is authenticated, and what they see.
 */
@Export
@Version("1.2.0")
package org.postern.spi.policy;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
