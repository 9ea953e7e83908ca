// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads certificates from a file in PEM, whatever else is in it, or in DER. */
final class PemCertificates {

    /** Given a key behind a certificate, Java's own reader takes it for another certificate. */
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN (?:X509 )?CERTIFICATE-----[^-]*-----END (?:X509 )?CERTIFICATE-----");

    private PemCertificates() {}

    /**
     * Those in the file, in its order; never none.
     *
     * @throws IOException if the file cannot be read or holds no certificate
     */
    static List<X509Certificate> in(Path file) throws IOException {
        byte[] octets = Files.readAllBytes(file);
        try {
            List<X509Certificate> found = certificates(octets);
            if (found.isEmpty()) {
                throw new IOException("there is no certificate in " + file);
            }
            return found;
        } catch (CertificateException unreadable) {
            throw new IOException(
                    "the certificates in " + file + " cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    private static List<X509Certificate> certificates(byte[] octets) throws CertificateException {
        Matcher block = BLOCK.matcher(new String(octets, StandardCharsets.ISO_8859_1));
        List<X509Certificate> found = new ArrayList<>();
        while (block.find()) {
            found.addAll(read(block.group().getBytes(StandardCharsets.ISO_8859_1)));
        }
        return found.isEmpty() ? read(octets) : found;
    }

    private static List<X509Certificate> read(byte[] octets) throws CertificateException {
        return CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(octets)).stream()
                .map(X509Certificate.class::cast)
                .toList();
    }
}
