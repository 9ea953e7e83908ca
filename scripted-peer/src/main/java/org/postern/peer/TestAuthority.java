// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certification authority in memory, on elliptic curve P-256, for peers on loopback. Its keys are new each time and
 * never leave the process.
 *
 * <p>Threading: safe for several threads.
 */
public final class TestAuthority {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final KeyPair keys;
    private final X509Certificate root;

    private TestAuthority(KeyPair keys, X509Certificate root) {
        this.keys = keys;
        this.root = root;
    }

    /** A new authority. */
    public static TestAuthority create() {
        KeyPair keys = newKeys();
        X500Name name = named("Postern test authority " + Integer.toHexString(RANDOM.nextInt()));
        return new TestAuthority(keys, authority(name, keys, name, keys));
    }

    /** The root certificate. */
    public X509Certificate root() {
        return root;
    }

    /** The root certificate in PEM. */
    public String rootPem() {
        return pem(root);
    }

    /**
     * Writes the root certificate in PEM, for a client's list of authorities.
     *
     * @throws IOException if the file cannot be written
     */
    public Path writeRootPem(Path file) throws IOException {
        return Files.writeString(file, rootPem(), StandardCharsets.US_ASCII);
    }

    /** Issues a certificate with a new key, signed by the root. */
    public ServerCertificate issue(CertificateRequest request) {
        KeyPair server = newKeys();
        return new ServerCertificate(server.getPrivate(), List.of(endEntity(request, server, nameOf(root), keys)));
    }

    /** Issues one of the usual certificates, for the names that the variant says. */
    public ServerCertificate issue(CertificateVariant variant) {
        return issue(variant, usual(variant));
    }

    /** Issues a certificate for other names that is good or bad in the way of the variant. */
    public ServerCertificate issue(CertificateVariant variant, CertificateRequest request) {
        Instant now = Instant.now();
        return switch (variant) {
            case GOOD, WRONG_NAME, PARTIAL_WILDCARD, WILDCARD -> issue(request);
            case CN_ONLY -> issue(request.commonNameOnly());
            case EXPIRED -> issue(request.valid(now.minus(60, ChronoUnit.DAYS), now.minus(1, ChronoUnit.DAYS)));
            case NOT_YET_VALID -> issue(request.valid(now.plus(1, ChronoUnit.DAYS), now.plus(60, ChronoUnit.DAYS)));
            case SELF_SIGNED -> selfSigned(request);
            case INTERMEDIATE -> underIntermediate(request, true);
            case MISSING_INTERMEDIATE -> underIntermediate(request, false);
        };
    }

    private static CertificateRequest usual(CertificateVariant variant) {
        return switch (variant) {
            case WRONG_NAME -> CertificateRequest.forNames("elsewhere.test");
            case PARTIAL_WILDCARD -> CertificateRequest.forNames("m*.interop.test");
            case WILDCARD -> CertificateRequest.forNames("*.interop.test");
            case GOOD, EXPIRED, NOT_YET_VALID, CN_ONLY, SELF_SIGNED, INTERMEDIATE, MISSING_INTERMEDIATE ->
                CertificateRequest.forNames("localhost").andAddresses("127.0.0.1", "::1");
        };
    }

    /** A context for clients that trust this authority and nobody else; names are checked by whoever uses it. */
    public SSLContext clientContext() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    /** Trust in this authority and nobody else. */
    TrustManager[] trustManagers() {
        try {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry("root", root);
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            return factory.getTrustManagers();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    private static ServerCertificate selfSigned(CertificateRequest request) {
        KeyPair server = newKeys();
        X509Certificate certificate = endEntity(request, server, named(request.commonName()), server);
        return new ServerCertificate(server.getPrivate(), List.of(certificate));
    }

    private ServerCertificate underIntermediate(CertificateRequest request, boolean shown) {
        KeyPair middle = newKeys();
        X500Name name = named("Postern test intermediate");
        X509Certificate intermediate = authority(name, middle, nameOf(root), keys);
        KeyPair server = newKeys();
        X509Certificate own = endEntity(request, server, name, middle);
        return new ServerCertificate(server.getPrivate(), shown ? List.of(own, intermediate) : List.of(own));
    }

    private static X509Certificate authority(
            X500Name subject, KeyPair subjectKeys, X500Name issuer, KeyPair issuerKeys) {
        Instant now = Instant.now();
        JcaX509v3CertificateBuilder builder =
                builder(issuer, subject, subjectKeys, now.minus(1, ChronoUnit.DAYS), now.plus(3650, ChronoUnit.DAYS));
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        } catch (CertIOException e) {
            throw new IllegalStateException(e);
        }
        return sign(builder, issuerKeys);
    }

    private static X509Certificate endEntity(
            CertificateRequest request, KeyPair server, X500Name issuer, KeyPair issuerKeys) {
        JcaX509v3CertificateBuilder builder =
                builder(issuer, named(request.commonName()), server, request.notBefore(), request.notAfter());
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
            }));
            List<GeneralName> names = alternativeNames(request);
            if (!names.isEmpty()) {
                builder.addExtension(
                        Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(GeneralName[]::new)));
            }
        } catch (CertIOException e) {
            throw new IllegalStateException(e);
        }
        return sign(builder, issuerKeys);
    }

    private static List<GeneralName> alternativeNames(CertificateRequest request) {
        List<GeneralName> names = new ArrayList<>();
        request.dnsNames().forEach(name -> names.add(new GeneralName(GeneralName.dNSName, name)));
        request.ipAddresses().forEach(address -> names.add(new GeneralName(GeneralName.iPAddress, address)));
        return names;
    }

    private static JcaX509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, KeyPair subjectKeys, Instant from, Instant until) {
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(120, RANDOM).setBit(120),
                Date.from(from),
                Date.from(until),
                subject,
                subjectKeys.getPublic());
    }

    private static X509Certificate sign(JcaX509v3CertificateBuilder builder, KeyPair issuerKeys) {
        try {
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKeys.getPrivate());
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        } catch (OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no ECDSA", e);
        }
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no P-256", e);
        }
    }

    private static X500Name named(String commonName) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.CN, commonName)
                .build();
    }

    private static X500Name nameOf(X509Certificate certificate) {
        return X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    }

    static String pem(X509Certificate certificate) {
        try {
            String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
            return "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The root's name. */
    @Override
    public String toString() {
        return "TestAuthority[" + root.getSubjectX500Principal() + "]";
    }
}
