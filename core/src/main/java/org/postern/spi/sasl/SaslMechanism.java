// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.sasl;

import org.osgi.annotation.versioning.ConsumerType;
import org.postern.spi.credential.Credential;

/**
 * One SASL mechanism (RFC 4422), registered as an OSGi service and described by {@link Mechanism}.
 *
 * <p>Threading: {@link #open} is called by many threads at once; each exchange is used by one.
 */
@ConsumerType
public interface SaslMechanism {

    /**
     * Starts an authentication. No I/O happens here.
     *
     * @param context what the engine knows of the peer
     * @param credential of a kind that this mechanism {@link Mechanism#feeds() names}; valid until the exchange is closed
     * @return a new exchange, never null
     * @throws IllegalArgumentException if the credential cannot be expressed in this mechanism, such as a NUL in a
     *     password for PLAIN; the text names the field and never the value
     */
    SaslExchange open(SaslContext context, Credential credential);
}
