// SPDX-License-Identifier: Apache-2.0
/** Text that strangers wrote, on its way to people. */
@Export
@Version("1.0.0")
package org.postern.spi.text;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
