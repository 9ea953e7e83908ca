// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * One TLS context for each set of trusted certificates and each rule of verification, so that TLS sessions are resumed
 * within one policy and never across two. A CA file that changed gives a new context.
 */
final class TlsContexts {

    /** A context with the trust it was made of. */
    record Context(SSLContext ssl, PeerTrust trust) {}

    private record Key(TlsPolicy.Verification verification, Optional<Path> caFile, FileTime modified, long size) {}

    private final Map<Key, Context> contexts = new ConcurrentHashMap<>();

    /**
     * The context for a policy.
     *
     * @throws IOException if the CA file cannot be read or holds no certificate
     * @throws GeneralSecurityException if the Java runtime cannot do TLS
     */
    Context forPolicy(TlsPolicy policy) throws IOException, GeneralSecurityException {
        Key key = keyFor(policy);
        Context known = contexts.get(key);
        if (known != null) {
            return known;
        }
        Context made = make(policy);
        contexts.keySet().removeIf(old -> isOutdated(old, key));
        Context other = contexts.putIfAbsent(key, made);
        return other == null ? made : other;
    }

    private static Key keyFor(TlsPolicy policy) throws IOException {
        if (policy.caFile().isEmpty()) {
            return new Key(policy.verification(), Optional.empty(), FileTime.fromMillis(0), 0);
        }
        BasicFileAttributes file = Files.readAttributes(policy.caFile().get(), BasicFileAttributes.class);
        return new Key(policy.verification(), policy.caFile(), file.lastModifiedTime(), file.size());
    }

    private static boolean isOutdated(Key old, Key current) {
        return !old.equals(current)
                && old.verification() == current.verification()
                && old.caFile().equals(current.caFile());
    }

    private static Context make(TlsPolicy policy) throws IOException, GeneralSecurityException {
        PeerTrust trust = new PeerTrust(chains(policy.caFile()), policy.verification());
        SSLContext ssl = SSLContext.getInstance("TLS");
        ssl.init(null, new TrustManager[] {trust}, null);
        return new Context(ssl, trust);
    }

    private static X509ExtendedTrustManager chains(Optional<Path> caFile) throws IOException, GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(caFile.isPresent() ? trusted(caFile.get()) : null);
        return Stream.of(factory.getTrustManagers())
                .filter(X509ExtendedTrustManager.class::isInstance)
                .map(X509ExtendedTrustManager.class::cast)
                .findFirst()
                .orElseThrow(() -> new GeneralSecurityException("no PKIX trust manager"));
    }

    private static KeyStore trusted(Path caFile) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        int number = 0;
        for (Certificate certificate : certificatesIn(caFile)) {
            store.setCertificateEntry("ca-" + number++, certificate);
        }
        if (number == 0) {
            throw new IOException("there is no certificate in it");
        }
        return store;
    }

    private static Collection<? extends Certificate> certificatesIn(Path caFile)
            throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(caFile)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in);
        }
    }
}
