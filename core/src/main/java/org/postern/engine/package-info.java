// SPDX-License-Identifier: Apache-2.0
/**
 * The way into the delivery engine: submitting mail and asking what the engine is doing.
 */
@Export
@Version("1.3.0")
package org.postern.engine;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
