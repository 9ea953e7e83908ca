// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * One TLS context for each set of trusted certificates, each rule of verification, each offer and each certificate of our
 * own, so that TLS sessions are resumed within one policy and never across two. A file that changed gives a new context.
 */
final class TlsContexts {

    /**
     * A context with what it was made of.
     *
     * @param protocols what is offered
     * @param cipherSuites what is offered, best first
     */
    record Context(SSLContext ssl, PeerTrust trust, List<String> protocols, List<String> cipherSuites) {}

    /** A file as it was when it was looked at. */
    private record Stamp(Path file, FileTime modified, long size) {}

    private record Key(TlsPolicy.Verification verification, TlsOffer offer, List<Path> files, List<Stamp> stamps) {

        boolean isOutdatedBy(Key current) {
            return !equals(current)
                    && verification == current.verification
                    && offer.equals(current.offer)
                    && files.equals(current.files);
        }
    }

    private final Map<Key, Context> contexts = new ConcurrentHashMap<>();

    /**
     * The context for a policy.
     *
     * @throws IOException if a file cannot be read or does not hold what it should
     * @throws GeneralSecurityException if the Java runtime cannot do what is asked
     */
    Context forPolicy(TlsPolicy policy) throws IOException, GeneralSecurityException {
        Key key = keyFor(policy);
        Context known = contexts.get(key);
        if (known != null) {
            return known;
        }
        Context made = make(policy);
        contexts.keySet().removeIf(old -> old.isOutdatedBy(key));
        Context other = contexts.putIfAbsent(key, made);
        return other == null ? made : other;
    }

    private static Key keyFor(TlsPolicy policy) throws IOException {
        List<Path> files = Stream.concat(
                        policy.caFile().stream(),
                        policy.clientCertificate().stream().flatMap(own -> Stream.of(own.chain(), own.key())))
                .toList();
        List<Stamp> stamps = new ArrayList<>();
        for (Path file : files) {
            stamps.add(stamp(file));
        }
        return new Key(policy.verification(), policy.offer(), files, stamps);
    }

    private static Stamp stamp(Path file) throws IOException {
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(file, found.lastModifiedTime(), found.size());
        } catch (IOException unreadable) {
            throw new IOException(file + " cannot be read", unreadable);
        }
    }

    private static Context make(TlsPolicy policy) throws IOException, GeneralSecurityException {
        PeerTrust trust = new PeerTrust(chains(policy.caFile()), policy.verification());
        Optional<ClientIdentity> identity = Optional.empty();
        if (policy.clientCertificate().isPresent()) {
            identity = Optional.of(ClientIdentity.in(policy.clientCertificate().get()));
        }
        SSLContext ssl = SSLContext.getInstance("TLS");
        ssl.init(identity.map(own -> new KeyManager[] {own}).orElse(null), new TrustManager[] {trust}, null);
        SSLParameters offered = policy.offer()
                .applyTo(
                        ssl.getDefaultSSLParameters(),
                        List.of(ssl.getSupportedSSLParameters().getCipherSuites()));
        return new Context(ssl, trust, List.of(offered.getProtocols()), List.of(offered.getCipherSuites()));
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
        for (Certificate certificate : PemCertificates.in(caFile)) {
            store.setCertificateEntry("ca-" + number++, certificate);
        }
        return store;
    }
}
