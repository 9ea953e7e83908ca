// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Shows this side's one certificate to every peer that asks for any, whichever authorities it names: an operator who
 * configured a certificate for a peer knows better than the peer's list.
 */
final class ClientIdentity extends X509ExtendedKeyManager {

    private static final String ALIAS = "client";

    private final List<X509Certificate> chain;
    private final PrivateKey key;

    private ClientIdentity(List<X509Certificate> chain, PrivateKey key) {
        this.chain = chain;
        this.key = key;
    }

    /**
     * Reads certificate and key.
     *
     * @throws IOException if a file cannot be used, or the key is not the certificate's; the text names the file
     * @throws GeneralSecurityException if the Java runtime lacks the key's algorithm
     */
    static ClientIdentity in(ClientCertificate files) throws IOException, GeneralSecurityException {
        List<X509Certificate> chain = PemCertificates.in(files.chain());
        PrivateKey key = keyIn(files.key());
        if (!belongsTo(chain.getFirst(), key)) {
            throw new IOException(
                    "the key in " + files.key() + " is not that of the first certificate in " + files.chain());
        }
        return new ClientIdentity(chain, key);
    }

    private static PrivateKey keyIn(Path file) throws IOException, GeneralSecurityException {
        try {
            return PemKey.in(file);
        } catch (IOException unusable) {
            throw new IOException("the private key in " + file + " cannot be used: " + unusable.getMessage(), unusable);
        }
    }

    private static boolean belongsTo(X509Certificate certificate, PrivateKey key) throws GeneralSecurityException {
        if (!sameFamily(certificate.getPublicKey().getAlgorithm(), key.getAlgorithm())) {
            return false;
        }
        Signature signature = Signature.getInstance(
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> key.getAlgorithm();
                });
        byte[] anything = {1};
        signature.initSign(key);
        signature.update(anything);
        byte[] signed = signature.sign();
        signature.initVerify(certificate.getPublicKey());
        signature.update(anything);
        try {
            return signature.verify(signed);
        } catch (SignatureException anotherKeysSize) {
            return false;
        }
    }

    private static boolean sameFamily(String one, String other) {
        return one.equals(other) || one.startsWith("Ed") && other.startsWith("Ed");
    }

    private String aliasFor(String keyType) {
        return sameFamily(keyType, key.getAlgorithm()) ? ALIAS : null;
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
        return Stream.of(keyTypes).anyMatch(type -> aliasFor(type) != null) ? ALIAS : null;
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return aliasFor(keyType) == null ? null : new String[] {ALIAS};
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return chain.toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return key;
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        return null;
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return null;
    }

    /** The subject; never the key. */
    @Override
    public String toString() {
        return "ClientIdentity[" + chain.getFirst().getSubjectX500Principal() + "]";
    }
}
