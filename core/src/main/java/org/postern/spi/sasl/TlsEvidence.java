// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.sasl;

import java.security.cert.Certificate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.postern.spi.credential.Octets;

/**
 * What a TLS handshake showed.
 *
 * @param protocol such as {@code TLSv1.3}
 * @param cipherSuite the suite's standard name
 * @param peerCertificates the peer's chain, its own certificate first
 * @param verified whether chain and name were verified (RFC 5280, RFC 9525)
 * @param verdict why, in one line: the name that was verified, or what was wrong
 * @param localCertificates the chain that this side showed, its own certificate first; empty if the peer did not ask or
 *     nothing was configured
 * @param channelBindings the channel bindings that this session has, by their registered names (RFC 5056 section 7); one
 *     that the session cannot have, or whose value no standard defines, is not there
 */
public record TlsEvidence(
        String protocol,
        String cipherSuite,
        List<Certificate> peerCertificates,
        boolean verified,
        String verdict,
        List<Certificate> localCertificates,
        Map<String, Octets> channelBindings) {

    /** RFC 9266: keying material of this session and no other. The Java runtime has it from 25 on, under TLS 1.3. */
    public static final String TLS_EXPORTER = "tls-exporter";

    /** RFC 5929 section 4: a hash of the peer's certificate. */
    public static final String TLS_SERVER_END_POINT = "tls-server-end-point";

    /** A session without channel bindings, in which this side showed no certificate. */
    public TlsEvidence(
            String protocol, String cipherSuite, List<Certificate> peerCertificates, boolean verified, String verdict) {
        this(protocol, cipherSuite, peerCertificates, verified, verdict, List.of(), Map.of());
    }

    /** @throws NullPointerException if a part is missing */
    public TlsEvidence {
        Objects.requireNonNull(protocol, "protocol");
        Objects.requireNonNull(cipherSuite, "cipherSuite");
        Objects.requireNonNull(verdict, "verdict");
        peerCertificates = List.copyOf(peerCertificates);
        localCertificates = List.copyOf(localCertificates);
        channelBindings = Map.copyOf(channelBindings);
    }

    /** The channel binding of this registered name, if the session has it. */
    public Optional<Octets> channelBinding(String name) {
        return Optional.ofNullable(channelBindings.get(name));
    }

    /** Protocol, suite and verdict; neither certificates nor channel bindings. */
    @Override
    public String toString() {
        return protocol + " " + cipherSuite + " (" + verdict + ")";
    }
}
