// SPDX-License-Identifier: Apache-2.0
/**
 * Durable storage of accepted mail.
 */
@Export
@Version("1.6.0")
package org.postern.spi.spool;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
