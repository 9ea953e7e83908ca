// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.sasl;

import java.security.cert.Certificate;
import java.util.List;
import java.util.Objects;

/**
 * What a TLS handshake showed.
 *
 * @param protocol such as {@code TLSv1.3}
 * @param cipherSuite the suite's standard name
 * @param peerCertificates the peer's chain, its own certificate first
 * @param verified whether chain and name were verified (RFC 5280, RFC 9525)
 * @param verdict why, in one line: the name that was verified, or what was wrong
 */
public record TlsEvidence(
        String protocol, String cipherSuite, List<Certificate> peerCertificates, boolean verified, String verdict) {

    /** @throws NullPointerException if a part is missing */
    public TlsEvidence {
        Objects.requireNonNull(protocol, "protocol");
        Objects.requireNonNull(cipherSuite, "cipherSuite");
        Objects.requireNonNull(verdict, "verdict");
        peerCertificates = List.copyOf(peerCertificates);
    }

    /** Protocol, suite and verdict; never the certificates. */
    @Override
    public String toString() {
        return protocol + " " + cipherSuite + " (" + verdict + ")";
    }
}
