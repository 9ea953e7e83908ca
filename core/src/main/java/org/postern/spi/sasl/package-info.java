// SPDX-License-Identifier: Apache-2.0
/**
 * SASL mechanisms (RFC 4422) as plug-ins.
 *
 * <p>A mechanism bundle implements {@link org.postern.spi.sasl.SaslMechanism} and
 * {@link org.postern.spi.sasl.SaslExchange} and annotates its component with
 * {@link org.postern.spi.sasl.Mechanism}. A mechanism turns challenges into responses; it never sees base64, reply
 * codes or sockets, which belong to the engine.
 */
@Export
@Version("1.1.0")
package org.postern.spi.sasl;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
