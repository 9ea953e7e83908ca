// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.scram;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The hash functions that SCRAM is registered with. */
enum Hash {
    SHA_1("SHA-1", "HmacSHA1"),
    SHA_256("SHA-256", "HmacSHA256"),
    SHA_512("SHA-512", "HmacSHA512");

    private final String digest;
    private final String mac;

    Hash(String digest, String mac) {
        this.digest = digest;
        this.mac = mac;
    }

    /** The mechanism without channel binding, such as {@code SCRAM-SHA-256}. */
    String mechanism() {
        return "SCRAM-" + digest;
    }

    byte[] digest(byte[] octets) {
        try {
            return MessageDigest.getInstance(digest).digest(octets);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java runtime has " + digest, missing);
        }
    }

    byte[] hmac(byte[] key, byte[] octets) {
        return keyed(key).doFinal(octets);
    }

    Mac keyed(byte[] key) {
        try {
            Mac keyed = Mac.getInstance(mac);
            keyed.init(new SecretKeySpec(key, mac));
            return keyed;
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java runtime has " + mac, missing);
        }
    }
}
