// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * A server's key and the chain it shows.
 *
 * @param key the private key
 * @param chain the server's own certificate first; the root is not in it, unless the server signed itself
 */
public record ServerCertificate(PrivateKey key, List<X509Certificate> chain) {

    /** @throws NullPointerException if a part is missing */
    public ServerCertificate {
        Objects.requireNonNull(key, "key");
        chain = List.copyOf(chain);
    }

    /** A context in which a server shows this certificate, whatever the client asks for. */
    public SSLContext serverContext() {
        return serverContext(null);
    }

    /** The same, and clients' certificates have to come from this authority; null trusts as Java does. */
    SSLContext serverContext(TestAuthority ofClients) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    new KeyManager[] {new OnlyKey(key, chain.toArray(X509Certificate[]::new))},
                    ofClients == null ? null : ofClients.trustManagers(),
                    null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    /**
     * Writes the chain and then the key (PKCS #8), in PEM.
     *
     * @return the file
     */
    public Path writePem(Path file) throws IOException {
        StringBuilder text = new StringBuilder();
        chain.forEach(certificate -> text.append(TestAuthority.pem(certificate)));
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
        text.append("-----BEGIN PRIVATE KEY-----\n").append(body).append("\n-----END PRIVATE KEY-----\n");
        return Files.writeString(file, text);
    }

    /** The subject; never the key. */
    @Override
    public String toString() {
        return "ServerCertificate[" + chain.getFirst().getSubjectX500Principal() + "]";
    }

    /** A key store would cost thousands of hash rounds for a key that never leaves memory. */
    private static final class OnlyKey extends X509ExtendedKeyManager {

        private static final String ALIAS = "server";

        private final PrivateKey key;
        private final X509Certificate[] chain;

        OnlyKey(PrivateKey key, X509Certificate[] chain) {
            this.key = key;
            this.chain = chain;
        }

        @Override
        public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
            return keyType.startsWith("EC") ? ALIAS : null;
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return keyType.startsWith("EC") ? ALIAS : null;
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return chain.clone();
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return key;
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return null;
        }

        @Override
        public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
            return null;
        }
    }
}
