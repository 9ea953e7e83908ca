// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp.protocol;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * The files that TLS needs, in PEM form.
 *
 * @param authorities whose certificates are trusted, and nobody else's; nothing for those that Java trusts
 * @param identity what is shown to the server
 */
public record TlsFiles(Optional<Path> authorities, Optional<Identity> identity) {

    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", Pattern.DOTALL);
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----(.+?)-----END PRIVATE KEY-----", Pattern.DOTALL);

    /**
     * A certificate with its key.
     *
     * @param certificates the certificate, and those that lead from it to an authority
     * @param key its private key, PKCS #8 without passphrase
     */
    public record Identity(Path certificates, Path key) {}

    /** Tells one state of the files from another. */
    String stamp() {
        return Stream.concat(
                        authorities.stream(),
                        identity.stream().flatMap(own -> Stream.of(own.certificates(), own.key())))
                .map(TlsFiles::stamp)
                .collect(Collectors.joining("|"));
    }

    private static String stamp(Path file) {
        try {
            return file.toRealPath() + "@" + Files.getLastModifiedTime(file) + "+" + Files.size(file);
        } catch (IOException absent) {
            return file + " is absent";
        }
    }

    /** Nothing where Java's own is to be used. */
    Optional<SSLContext> context() throws UnreachableException {
        if (authorities.isEmpty() && identity.isEmpty()) {
            return Optional.empty();
        }
        TrustManager[] trusted = authorities.isPresent() ? trusted(authorities.get()) : null;
        KeyManager[] own = identity.isPresent() ? own(identity.get()) : null;
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own, trusted, null);
            return Optional.of(context);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java runtime has TLS", missing);
        }
    }

    private static TrustManager[] trusted(Path file) throws UnreachableException {
        try {
            KeyStore store = emptyStore();
            int count = 0;
            for (Certificate certificate : certificates(file)) {
                store.setCertificateEntry("authority-" + count++, certificate);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory.getTrustManagers();
        } catch (IOException | GeneralSecurityException unreadable) {
            throw unusable("CA_File", file, "certificates in PEM form", unreadable);
        }
    }

    private static KeyManager[] own(Identity identity) throws UnreachableException {
        PrivateKey key = key(identity.key());
        try {
            char[] none = new char[0];
            KeyStore store = emptyStore();
            store.setKeyEntry(
                    "own", key, none, certificates(identity.certificates()).toArray(Certificate[]::new));
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, none);
            return factory.getKeyManagers();
        } catch (IOException | GeneralSecurityException unreadable) {
            throw unusable("Client_Certificate_File", identity.certificates(), "certificates in PEM form", unreadable);
        }
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** Of a file that may hold a key too, as servers like to have it. */
    private static List<Certificate> certificates(Path file) throws IOException, GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<Certificate> found = new ArrayList<>();
        Matcher pem = CERTIFICATE.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        while (pem.find()) {
            found.add(factory.generateCertificate(
                    new ByteArrayInputStream(pem.group().getBytes(StandardCharsets.ISO_8859_1))));
        }
        if (found.isEmpty()) {
            throw new IOException("no certificate");
        }
        return found;
    }

    private static PrivateKey key(Path file) throws UnreachableException {
        try {
            Matcher pem = KEY.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
            if (!pem.find()) {
                throw new IOException("no key");
            }
            PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(
                    Base64.getDecoder().decode(pem.group(1).replaceAll("\\s", "")));
            for (String algorithm : new String[] {"EC", "RSA", "EdDSA"}) {
                Optional<PrivateKey> key = key(algorithm, encoded);
                if (key.isPresent()) {
                    return key.get();
                }
            }
            throw new IOException("no key of a kind that is known");
        } catch (IOException | IllegalArgumentException unreadable) {
            throw unusable(
                    "Client_Key_File", file, "a key in PKCS #8 PEM form (openssl pkcs8 -topk8 -nocrypt)", unreadable);
        }
    }

    private static Optional<PrivateKey> key(String algorithm, PKCS8EncodedKeySpec encoded) {
        try {
            return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(encoded));
        } catch (GeneralSecurityException another) {
            return Optional.empty();
        }
    }

    /** Only the kind of failure: the text of one about a key may quote it. */
    private static UnreachableException unusable(String option, Path file, String wanted, Exception failure) {
        return new UnreachableException("is not asked, because " + option + " " + file + " has not " + wanted + " ("
                + failure.getClass().getSimpleName() + ")");
    }
}
