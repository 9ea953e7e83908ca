// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import java.util.Optional;
import java.util.Set;
import org.postern.spi.sasl.SaslContext;
import org.postern.spi.sasl.TlsEvidence;

/**
 * A session as a test wants it.
 *
 * @param host the peer's name
 * @param port the peer's port
 * @param authorizationIdentity the authorization identity, if one is asked for
 * @param offeredMechanisms what the peer offers
 * @param tls what TLS showed, if the session is under TLS
 */
public record FixedSaslContext(
        String host,
        int port,
        Optional<String> authorizationIdentity,
        Set<String> offeredMechanisms,
        Optional<TlsEvidence> tls)
        implements SaslContext {

    /** Submission to {@code mx.example.test} in clear, as oneself. */
    public static FixedSaslContext plain() {
        return new FixedSaslContext("mx.example.test", 587, Optional.empty(), Set.of(), Optional.empty());
    }

    /** A session with this peer. */
    public FixedSaslContext with(String peer, int itsPort) {
        return new FixedSaslContext(peer, itsPort, authorizationIdentity, offeredMechanisms, tls);
    }

    /** The same session, acting for somebody else. */
    public FixedSaslContext actingFor(String identity) {
        return new FixedSaslContext(host, port, Optional.of(identity), offeredMechanisms, tls);
    }

    /** The same session with a peer that offers these. */
    public FixedSaslContext offering(String... mechanisms) {
        return new FixedSaslContext(host, port, authorizationIdentity, Set.of(mechanisms), tls);
    }

    /** The same session under TLS. */
    public FixedSaslContext under(TlsEvidence evidence) {
        return new FixedSaslContext(host, port, authorizationIdentity, offeredMechanisms, Optional.of(evidence));
    }
}
