// SPDX-License-Identifier: Apache-2.0
/**
 * What relays that share a queue tell one another.
 */
@Export
@Version("1.3.0")
package org.postern.spi.cluster;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
