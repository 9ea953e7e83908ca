// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

import java.lang.reflect.InvocationTargetException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLSession;

/** Channel bindings as the server sees them. The certificates here are all signed with SHA-256. */
final class ServerBinding {

    private ServerBinding() {}

    static Optional<byte[]> of(String kind, SSLSession session) {
        return switch (kind) {
            case "tls-server-end-point" -> endPoint(session);
            case "tls-exporter" -> exported(session);
            default -> Optional.empty();
        };
    }

    private static Optional<byte[]> endPoint(SSLSession session) {
        Certificate[] own = session.getLocalCertificates();
        if (own == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(MessageDigest.getInstance("SHA-256").digest(own[0].getEncoded()));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** By reflection, because Java has it from 25 on. */
    private static Optional<byte[]> exported(SSLSession session) {
        try {
            return Optional.of((byte[]) ExtendedSSLSession.class
                    .getMethod("exportKeyingMaterialData", String.class, byte[].class, int.class)
                    .invoke(session, "EXPORTER-Channel-Binding", new byte[0], 32));
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException unavailable) {
            return Optional.empty();
        }
    }
}
