// SPDX-License-Identifier: Apache-2.0
/**
 * Verbs that a bundle adds to the operator&#39;s command line.
 */
@Export
@Version("1.1.0")
package org.postern.spi.command;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
