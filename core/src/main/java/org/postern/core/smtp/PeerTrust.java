// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Judges every peer and leaves the verdict with the session, but ends the handshake only where the policy asks for more
 * than the peer has.
 */
final class PeerTrust extends X509ExtendedTrustManager {

    private static final String VERDICT = "org.postern.verdict";

    private final X509ExtendedTrustManager chains;
    private final TlsPolicy.Verification verification;

    PeerTrust(X509ExtendedTrustManager chains, TlsPolicy.Verification verification) {
        this.chains = chains;
        this.verification = verification;
    }

    /** A way to check a chain that depends on who asks. */
    @FunctionalInterface
    private interface ChainCheck {
        void run() throws CertificateException;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        SSLSession session = ((SSLSocket) socket).getHandshakeSession();
        Verdict verdict = judge(chain, session.getPeerHost(), () -> chains.checkServerTrusted(chain, authType, socket));
        session.putValue(VERDICT, verdict);
        demand(verdict);
    }

    /** The verdict on a session whose handshake is over, judged now if the session was resumed. */
    Verdict verdictOn(SSLSession session) throws CertificateException {
        Object verdict = session.getValue(VERDICT);
        // A resumed session shares the values of the one before; its certificate may have expired meanwhile.
        session.removeValue(VERDICT);
        return verdict instanceof Verdict fresh ? fresh : judgeAgain(session);
    }

    private Verdict judgeAgain(SSLSession session) throws CertificateException {
        X509Certificate[] chain = TlsLayer.peerChain(session).toArray(new X509Certificate[0]);
        Verdict verdict = judge(chain, session.getPeerHost(), () -> chains.checkServerTrusted(chain, "UNKNOWN"));
        demand(verdict);
        return verdict;
    }

    private static Verdict judge(X509Certificate[] chain, String host, ChainCheck check) {
        if (chain.length == 0) {
            return new Verdict(false, false, "the peer showed no certificate");
        }
        boolean named = new ServiceIdentity(host).isNamedBy(chain[0]);
        String name = named ? "names " + host : "names " + ServiceIdentity.namesOf(chain[0]) + ", not " + host;
        try {
            check.run();
            return new Verdict(true, named, "certificate " + name + ", trusted");
        } catch (CertificateException untrusted) {
            String why = PeerText.of(untrusted);
            return new Verdict(false, named, "certificate " + name + ", not trusted: " + why);
        }
    }

    private void demand(Verdict verdict) throws CertificateException {
        if (!verdict.satisfies(verification)) {
            throw new CertificateRefusedException(verdict.text());
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("a peer cannot be judged without its session");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("a peer cannot be judged without its session");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("there are no clients here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("there are no clients here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("there are no clients here");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return chains.getAcceptedIssuers();
    }
}
