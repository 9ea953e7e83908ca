// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import java.util.Optional;
import org.postern.core.smtp.Endpoint;
import org.postern.spi.sasl.SaslContext;
import org.postern.spi.sasl.TlsEvidence;

/**
 * What a mechanism gets to know.
 *
 * @param endpoint the peer
 * @param authorizationIdentity the authorization identity, if the configuration asks for one
 * @param tls what TLS showed, if it is there
 */
record PeerContext(Endpoint endpoint, Optional<String> authorizationIdentity, Optional<TlsEvidence> tls)
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
