// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.postern.spi.credential.Secret;
import org.postern.spi.credential.SecretWrapping;

/**
 * Tells contents apart without telling anything about them: a hash under a key that nobody knows and that ends with this
 * object.
 *
 * <p>Threading: safe for many threads.
 */
final class Fingerprint {

    /** One for the life of the bundle: a store that is configured anew calls the same contents by the same names. */
    static final Fingerprint OF_THIS_BUNDLE = new Fingerprint();

    private static final String ALGORITHM = "HmacSHA256";
    private static final int OCTETS = 6;

    private final SecretKeySpec key;

    private Fingerprint() {
        byte[] octets = new byte[32];
        new SecureRandom().nextBytes(octets);
        this.key = new SecretKeySpec(octets, ALGORITHM);
    }

    String of(String user, Secret password) {
        Mac mac = mac();
        add(mac, user.getBytes(StandardCharsets.UTF_8));
        add(mac, password);
        return shown(mac);
    }

    String of(Map<String, SecretWrapping.Wrapped> texts) {
        Mac mac = mac();
        new TreeMap<>(texts).forEach((name, wrapped) -> {
            add(mac, name.getBytes(StandardCharsets.UTF_8));
            try (Secret clear = wrapped.unwrap()) {
                add(mac, clear);
            }
        });
        return shown(mac);
    }

    /** With its length, so that no two sequences of parts are the same octets. */
    private static void add(Mac mac, byte[] part) {
        mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).array());
        mac.update(part);
    }

    private static void add(Mac mac, Secret part) {
        part.reveal(octets -> {
            add(mac, octets);
            return null;
        });
    }

    private static String shown(Mac mac) {
        return HexFormat.of().formatHex(mac.doFinal(), 0, OCTETS);
    }

    private Mac mac() {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java runtime has " + ALGORITHM, missing);
        }
    }
}
