// SPDX-License-Identifier: Apache-2.0
/**
 * Credentials and the stores they come from.
 *
 * <p>A store bundle implements {@link org.postern.spi.credential.CredentialStore} and registers it as an OSGi service;
 * everything else here is handed around by the engine. Secrets exist only as
 * {@link org.postern.spi.credential.Secret}.
 */
@Export
@Version("1.1.0")
package org.postern.spi.credential;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
