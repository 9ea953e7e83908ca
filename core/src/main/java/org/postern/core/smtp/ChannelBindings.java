// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.security.spec.PSSParameterSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLSession;
import org.postern.spi.credential.Octets;
import org.postern.spi.sasl.TlsEvidence;

/**
 * The channel bindings of a TLS session. One that is not defined for it is left out, so that whoever needs it fails
 * instead of binding to something that the peer reckons differently.
 */
final class ChannelBindings {

    private static final Pattern HASH_IN_NAME = Pattern.compile("([A-Z0-9/-]+)WITH[A-Z0-9]+");
    private static final String EXPORTER_LABEL = "EXPORTER-Channel-Binding";
    private static final int EXPORTER_OCTETS = 32;
    private static final Optional<MethodHandle> EXPORT = exporter();

    private ChannelBindings() {}

    static Map<String, Octets> of(SSLSession session, List<X509Certificate> chain) {
        Map<String, Octets> bindings = new HashMap<>();
        exported(session).ifPresent(value -> bindings.put(TlsEvidence.TLS_EXPORTER, value));
        if (!chain.isEmpty()) {
            serverEndPoint(chain.getFirst()).ifPresent(value -> bindings.put(TlsEvidence.TLS_SERVER_END_POINT, value));
        }
        return bindings;
    }

    /** RFC 9266 section 2. Under TLS 1.2 it would need more than the Java runtime tells (section 4.2). */
    private static Optional<Octets> exported(SSLSession session) {
        if (EXPORT.isEmpty()
                || !session.getProtocol().equals("TLSv1.3")
                || !(session instanceof ExtendedSSLSession extended)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Octets.wrap(
                    (byte[]) EXPORT.get().invokeExact(extended, EXPORTER_LABEL, new byte[0], EXPORTER_OCTETS)));
        } catch (Error serious) {
            throw serious;
        } catch (Throwable unavailable) {
            return Optional.empty();
        }
    }

    // New in Java 25, while this has to run on 21.
    private static Optional<MethodHandle> exporter() {
        try {
            return Optional.of(MethodHandles.publicLookup()
                    .findVirtual(
                            ExtendedSSLSession.class,
                            "exportKeyingMaterialData",
                            MethodType.methodType(byte[].class, String.class, byte[].class, int.class)));
        } catch (ReflectiveOperationException olderRuntime) {
            return Optional.empty();
        }
    }

    static Optional<Octets> serverEndPoint(X509Certificate certificate) {
        try {
            Optional<String> hash = hashOf(certificate);
            if (hash.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(Octets.wrap(MessageDigest.getInstance(hash.get()).digest(certificate.getEncoded())));
        } catch (GeneralSecurityException | IOException undefined) {
            return Optional.empty();
        }
    }

    /** RFC 5929 section 4.1: the hash that the certificate is signed with; SHA-256 for the two that are broken. */
    private static Optional<String> hashOf(X509Certificate certificate) throws GeneralSecurityException, IOException {
        String algorithm = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        if (algorithm.equals("RSASSA-PSS")) {
            return Optional.of(sound(hashOfPss(certificate)));
        }
        Matcher name = HASH_IN_NAME.matcher(algorithm);
        return name.matches() ? Optional.of(sound(name.group(1))) : Optional.empty();
    }

    private static String hashOfPss(X509Certificate certificate) throws GeneralSecurityException, IOException {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
        parameters.init(certificate.getSigAlgParams());
        return parameters.getParameterSpec(PSSParameterSpec.class).getDigestAlgorithm();
    }

    /** From {@code SHA256} or {@code SHA-256} to the name that {@link MessageDigest} knows. */
    private static String sound(String hash) {
        return switch (hash) {
            case "MD5", "SHA1", "SHA-1" -> "SHA-256";
            default -> hash.startsWith("SHA3") || hash.contains("-") ? hash : hash.replaceFirst("^SHA", "SHA-");
        };
    }
}
