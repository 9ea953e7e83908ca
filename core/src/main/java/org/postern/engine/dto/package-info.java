// SPDX-License-Identifier: Apache-2.0
/** What {@link org.postern.engine.EngineRuntime} answers with. */
@Export
@Version("2.3.0")
package org.postern.engine.dto;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
