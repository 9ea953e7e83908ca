// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import java.util.Optional;
import java.util.Set;
import org.postern.core.smtp.Endpoint;
import org.postern.spi.sasl.SaslContext;
import org.postern.spi.sasl.TlsEvidence;

/**
 * What a mechanism gets to know.
 *
 * @param endpoint the peer
 * @param authorizationIdentity the authorization identity, if the configuration asks for one
 * @param offeredMechanisms what the peer offers and has not refused to know
 * @param tls what TLS showed, if it is there
 */
record PeerContext(
        Endpoint endpoint,
        Optional<String> authorizationIdentity,
        Set<String> offeredMechanisms,
        Optional<TlsEvidence> tls)
        implements SaslContext {

    @Override
    public String host() {
        return endpoint.host();
    }

    @Override
    public int port() {
        return endpoint.port();
    }
}
