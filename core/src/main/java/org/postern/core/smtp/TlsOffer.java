// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLParameters;

/**
 * What this side offers in a handshake, as the operator wrote it in OpenSSL's words.
 *
 * @param protocols protocols to add and to take away, such as {@code +ALL -TLSv1.2}
 * @param ciphers a cipher list for TLS 1.2
 * @param suites the cipher suites of TLS 1.3, best first; unset means the Java runtime's
 */
public record TlsOffer(String protocols, String ciphers, Optional<String> suites) {

    /** What the Java runtime offers by itself. */
    public static final TlsOffer DEFAULT = new TlsOffer("+ALL", "DEFAULT", Optional.empty());

    /** Older ones are broken (RFC 8996) and not spoken here, whatever is written. */
    private static final List<String> SPOKEN = List.of("TLSv1.3", "TLSv1.2");

    private static final Set<String> KNOWN =
            Set.of("ALL", "SSLV2", "SSLV3", "TLSV1", "TLSV1.0", "TLSV1.1", "TLSV1.2", "TLSV1.3");

    private static final Pattern BETWEEN = Pattern.compile("[\\s:,]+");

    /**
     * Applies the offer.
     *
     * @param given what the Java runtime offers by itself; changed
     * @param supported every suite that it can be told to offer
     * @throws GeneralSecurityException if nothing is left to offer, or what is written cannot be understood
     */
    SSLParameters applyTo(SSLParameters given, List<String> supported) throws GeneralSecurityException {
        List<String> versions = versions();
        List<String> offered = new ArrayList<>();
        if (versions.contains("TLSv1.3")) {
            offered.addAll(newSuites(List.of(given.getCipherSuites()), supported));
        }
        if (versions.contains("TLSv1.2")) {
            offered.addAll(CipherList.of(old(List.of(given.getCipherSuites())), old(supported))
                    .select(ciphers));
        }
        given.setProtocols(versions.toArray(String[]::new));
        given.setCipherSuites(offered.toArray(String[]::new));
        return given;
    }

    private List<String> versions() throws GeneralSecurityException {
        Set<String> wanted = new LinkedHashSet<>();
        for (String word : words(protocols)) {
            boolean removes = word.startsWith("-") || word.startsWith("!");
            String name = removes || word.startsWith("+") ? word.substring(1) : word;
            if (!KNOWN.contains(name.toUpperCase(Locale.ROOT))) {
                throw new GeneralSecurityException("TLS_Protocols: '" + name + "' is no protocol");
            }
            Stream<String> named =
                    SPOKEN.stream().filter(spoken -> name.equalsIgnoreCase("ALL") || name.equalsIgnoreCase(spoken));
            named.forEach(removes ? wanted::remove : wanted::add);
        }
        List<String> left = SPOKEN.stream().filter(wanted::contains).toList();
        if (left.isEmpty()) {
            throw new GeneralSecurityException("TLS_Protocols: '" + protocols
                    + "' leaves neither TLSv1.3 nor TLSv1.2, and no other is spoken here");
        }
        return left;
    }

    private List<String> newSuites(List<String> byItself, List<String> supported) throws GeneralSecurityException {
        if (suites.isEmpty()) {
            return byItself.stream().filter(TlsOffer::isNew).toList();
        }
        List<String> wanted = words(suites.get());
        for (String name : wanted) {
            if (!isNew(name) || !supported.contains(name)) {
                throw new GeneralSecurityException("TLSv13_Ciphersuites: this Java runtime has no TLS 1.3 suite '"
                        + name + "', but "
                        + String.join(
                                " ", supported.stream().filter(TlsOffer::isNew).toList()));
            }
        }
        return wanted;
    }

    private static List<String> words(String text) {
        return BETWEEN.splitAsStream(text).filter(word -> !word.isEmpty()).toList();
    }

    private static List<String> old(List<String> names) {
        return names.stream().filter(name -> !isNew(name)).toList();
    }

    /** Suites of TLS 1.3 say nothing about key exchange and authentication (RFC 8446 appendix B.4). */
    private static boolean isNew(String suite) {
        return suite.startsWith("TLS_") && !suite.contains("_WITH_") && !suite.endsWith("_SCSV");
    }
}
