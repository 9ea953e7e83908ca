// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.postern.spi.sasl.TlsEvidence;

/**
 * TLS over a connected socket, after its handshake.
 *
 * @param socket the layer; what is below is closed with it
 * @param evidence what the handshake showed
 */
record TlsLayer(SSLSocket socket, TlsEvidence evidence) {

    /**
     * Shakes hands.
     *
     * @throws CertificateRefusedException if the peer's certificate does not do
     * @throws IOException if the handshake failed otherwise
     * @throws GeneralSecurityException if the Java runtime cannot do TLS
     */
    static TlsLayer over(Socket below, Endpoint endpoint, TlsContexts.Context context)
            throws IOException, GeneralSecurityException {
        SSLSocket socket = (SSLSocket)
                context.ssl().getSocketFactory().createSocket(below, endpoint.host(), endpoint.port(), true);
        socket.setSSLParameters(parameters(socket.getSSLParameters(), endpoint.host(), context));
        shakeHands(socket);
        SSLSession session = socket.getSession();
        Verdict verdict = context.trust().verdictOn(session);
        // TLS 1.2 lets a peer start over in mid-session, possibly as somebody else.
        socket.setEnableSessionCreation(session.getProtocol().equals("TLSv1.3"));
        return new TlsLayer(socket, evidence(session, verdict));
    }

    private static void shakeHands(SSLSocket socket) throws IOException, CertificateRefusedException {
        try {
            socket.startHandshake();
        } catch (IOException failed) {
            Optional<CertificateRefusedException> refusal = refusalIn(failed);
            if (refusal.isPresent()) {
                throw refusal.get();
            }
            throw failed;
        }
    }

    private static SSLParameters parameters(SSLParameters parameters, String host, TlsContexts.Context context) {
        parameters.setProtocols(context.protocols().toArray(String[]::new));
        parameters.setCipherSuites(context.cipherSuites().toArray(String[]::new));
        parameters.setServerNames(serverName(host));
        return parameters;
    }

    /** Names only: RFC 6066 section 3 has no addresses. */
    private static List<SNIServerName> serverName(String host) {
        try {
            return new ServiceIdentity(host)
                    .dnsName()
                    .<List<SNIServerName>>map(name -> List.of(new SNIHostName(name)))
                    .orElse(List.of());
        } catch (IllegalArgumentException notSendable) {
            return List.of();
        }
    }

    private static Optional<CertificateRefusedException> refusalIn(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateRefusedException refused) {
                return Optional.of(refused);
            }
        }
        return Optional.empty();
    }

    private static TlsEvidence evidence(SSLSession session, Verdict verdict) {
        List<X509Certificate> chain = peerChain(session);
        Certificate[] own = session.getLocalCertificates();
        return new TlsEvidence(
                session.getProtocol(),
                session.getCipherSuite(),
                List.copyOf(chain),
                verdict.isVerified(),
                verdict.text(),
                own == null ? List.of() : List.of(own),
                ChannelBindings.of(session, chain));
    }

    /** The peer's chain; empty if it showed none. */
    static List<X509Certificate> peerChain(SSLSession session) {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            for (Certificate certificate : session.getPeerCertificates()) {
                if (certificate instanceof X509Certificate x509) {
                    chain.add(x509);
                }
            }
        } catch (SSLPeerUnverifiedException none) {
            return List.of();
        }
        return chain;
    }
}
