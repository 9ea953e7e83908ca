// SPDX-License-Identifier: Apache-2.0
package org.example.sample;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.postern.spi.credential.CredentialVersion;

/**
 * Versions for a source that has none: a keyed hash of user and password. The key lives as long as the store, so that
 * nobody who reads a version in a log can try passwords against it.
 */
final class KeyedVersions {

    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    KeyedVersions() {
        byte[] octets = new byte[32];
        new SecureRandom().nextBytes(octets);
        this.key = new SecretKeySpec(octets, ALGORITHM);
    }

    CredentialVersion of(String user, String password) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(user.getBytes(StandardCharsets.UTF_8));
            // One octet between the two, so that user and password cannot run into each other.
            mac.update((byte) 0);
            byte[] hash = mac.doFinal(password.getBytes(StandardCharsets.UTF_8));
            return new CredentialVersion(HexFormat.of().formatHex(hash, 0, 8));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java runtime has " + ALGORITHM, missing);
        }
    }
}
