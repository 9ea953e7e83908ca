// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.sasl;

import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/** What a mechanism may know of the session it runs in. */
@ProviderType
public interface SaslContext {

    /** The peer's name as the configuration or a verified MX has it, in lower case. */
    String host();

    /** The peer's port. */
    int port();

    /** The authorization identity (RFC 4422 section 2), where the configuration asks for one. */
    Optional<String> authorizationIdentity();

    /**
     * The mechanisms that the peer offered after TLS, in upper case, less those that it has since refused to know: what a
     * client means that tells the peer which offer it has seen (RFC 5802 section 6).
     */
    Set<String> offeredMechanisms();

    /** What TLS showed, if the session is under TLS. */
    Optional<TlsEvidence> tls();
}
