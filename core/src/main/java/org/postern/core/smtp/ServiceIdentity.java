// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Whether a certificate names a host, by RFC 9525 section 6. The Java runtime's own check is more generous: it looks at the
 * common name, and lets a wildcard stand for part of a label.
 *
 * @param host a domain name or an address, in text
 */
record ServiceIdentity(String host) {

    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;
    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|[01]?[0-9]{1,2})";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");

    /** @throws NullPointerException if there is no host */
    ServiceIdentity {
        host = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    /** Whether the host is an address and no name. */
    boolean isAddress() {
        return host.indexOf(':') >= 0 || IPV4.matcher(host).matches();
    }

    /** The host as DNS has it: lower case, A-labels; empty if it cannot be written so or is an address. */
    Optional<String> dnsName() {
        return isAddress() ? Optional.empty() : toAscii(host);
    }

    private static Optional<String> toAscii(String name) {
        String undotted = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (undotted.chars().allMatch(c -> c < 0x80)) {
            return Optional.of(undotted.toLowerCase(Locale.ROOT));
        }
        try {
            return Optional.of(IDN.toASCII(undotted).toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException notConvertible) {
            return Optional.empty();
        }
    }

    /** Whether the certificate is for this host. */
    boolean isNamedBy(X509Certificate certificate) {
        int type = isAddress() ? IP_ADDRESS : DNS_NAME;
        return namesIn(certificate, type).stream().anyMatch(isAddress() ? this::isSameAddress : this::isMatchedBy);
    }

    private boolean isMatchedBy(String presented) {
        Optional<String> reference = dnsName();
        String pattern = presented.toLowerCase(Locale.ROOT);
        if (reference.isEmpty() || !pattern.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            return false;
        }
        String undotted = pattern.endsWith(".") ? pattern.substring(0, pattern.length() - 1) : pattern;
        return undotted.startsWith("*.")
                ? isUnder(reference.get(), undotted.substring(1))
                : undotted.indexOf('*') < 0 && undotted.equals(reference.get());
    }

    /** A wildcard stands for exactly one whole label, and never directly above a top-level domain. */
    private static boolean isUnder(String name, String suffix) {
        int label = name.length() - suffix.length();
        return suffix.indexOf('*') < 0
                && suffix.indexOf('.', 1) > 1
                && label > 0
                && name.endsWith(suffix)
                && name.indexOf('.') == label;
    }

    private boolean isSameAddress(String presented) {
        try {
            // Both are literals, so nothing is looked up.
            return InetAddress.getByName(host).equals(InetAddress.getByName(presented));
        } catch (UnknownHostException noAddress) {
            return false;
        }
    }

    /** What the certificate says it is for, made harmless, for a verdict. */
    static String namesOf(X509Certificate certificate) {
        List<String> names = new ArrayList<>(namesIn(certificate, DNS_NAME));
        names.addAll(namesIn(certificate, IP_ADDRESS));
        return names.isEmpty() ? "no host" : PeerText.harmless(String.join(", ", names), 200);
    }

    private static List<String> namesIn(X509Certificate certificate, int type) {
        List<String> names = new ArrayList<>();
        for (List<?> name : alternativeNames(certificate)) {
            if (name.get(0).equals(type) && name.get(1) instanceof String text) {
                names.add(text);
            }
        }
        return names;
    }

    private static Collection<List<?>> alternativeNames(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null ? List.of() : names;
        } catch (CertificateParsingException unreadable) {
            return List.of();
        }
    }
}
