// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth.protocol;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.util.Base64URL;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.postern.spi.credential.Secret;

/** Private keys and certificates as text: PKCS #8 in PEM form (RFC 7468), with line ends or without. */
final class KeyText {

    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";

    private KeyText() {}

    /** The text holds no key that can be used. */
    static final class UnusableKeyException extends Exception {

        private static final long serialVersionUID = 1L;

        UnusableKeyException(String message) {
            super(message);
        }
    }

    static PrivateKey read(Secret key) throws UnusableKeyException {
        String text = key.reveal(octets -> new String(octets, StandardCharsets.UTF_8));
        return read(text);
    }

    /** Line ends may be written as {@code \n}, as in JSON, or left out, as a vault that takes one line wants it. */
    static PrivateKey read(String text) throws UnusableKeyException {
        if (text.contains("BEGIN ENCRYPTED") || text.contains("BEGIN RSA") || text.contains("BEGIN EC")) {
            throw new UnusableKeyException(
                    "the key is not in the form PKCS #8 without passphrase: convert it with openssl pkcs8 -topk8 -nocrypt");
        }
        String body =
                text.replace("\\n", "\n").replace(BEGIN, "").replace(END, "").replaceAll("\\s", "");
        byte[] der = decoded(body);
        try {
            return decoded(der);
        } finally {
            Arrays.fill(der, (byte) 0);
        }
    }

    private static byte[] decoded(String body) throws UnusableKeyException {
        try {
            return Base64.getDecoder().decode(body);
        } catch (IllegalArgumentException notBase64) {
            throw new UnusableKeyException("the key is not in PEM form: it should begin with " + BEGIN);
        }
    }

    private static PrivateKey decoded(byte[] der) throws UnusableKeyException {
        for (String algorithm : List.of("RSA", "EC")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (GeneralSecurityException another) {
                // Perhaps the next one.
            }
        }
        throw new UnusableKeyException("the key is neither an RSA nor an EC key in the form PKCS #8");
    }

    static JWSAlgorithm algorithm(PrivateKey key) throws UnusableKeyException {
        if (!(key instanceof ECPrivateKey curve)) {
            return JWSAlgorithm.RS256;
        }
        return switch (curve.getParams().getOrder().bitLength()) {
            case 256 -> JWSAlgorithm.ES256;
            case 384 -> JWSAlgorithm.ES384;
            case 521 -> JWSAlgorithm.ES512;
            default -> throw new UnusableKeyException("the key's curve is none of P-256, P-384 and P-521");
        };
    }

    /** The fingerprint by which a provider finds the certificate (x5t#S256, RFC 7515 section 4.1.8). */
    static Base64URL fingerprint(Path certificate) throws UnusableKeyException {
        try (InputStream in = new FileInputStream(certificate.toFile())) {
            byte[] der = CertificateFactory.getInstance("X.509")
                    .generateCertificate(in)
                    .getEncoded();
            return Base64URL.encode(MessageDigest.getInstance("SHA-256").digest(der));
        } catch (IOException | GeneralSecurityException unreadable) {
            throw new UnusableKeyException("certificate " + certificate + " cannot be read");
        }
    }
}
