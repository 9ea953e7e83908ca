// SPDX-License-Identifier: Apache-2.0
/**
 * Logs that show whether anything was taken out of them. The engine's audit log and that of a store are of one make, so
 * that one verb verifies both.
 */
@Export
@Version("1.0.0")
package org.postern.spi.audit;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
