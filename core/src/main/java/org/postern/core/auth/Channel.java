// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;
import org.postern.spi.sasl.TlsEvidence;

/**
 * The connection that a secret would travel on.
 *
 * @param endpoint who is meant to be at the other end
 * @param address who is at the other end
 * @param tls what TLS showed, if the session is under TLS
 */
public record Channel(Endpoint endpoint, InetAddress address, Optional<TlsEvidence> tls) {

    /** @throws NullPointerException if a part is missing */
    public Channel {
        Objects.requireNonNull(endpoint, "endpoint");
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(tls, "tls");
    }

    /** Whether the other end is this machine. */
    public boolean isLoopback() {
        return address.isLoopbackAddress();
    }

    /** Whether the session is under TLS and the peer's certificate was verified. */
    public boolean isVerified() {
        return tls.filter(TlsEvidence::verified).isPresent();
    }
}
