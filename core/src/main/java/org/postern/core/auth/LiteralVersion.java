// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Secret;

/** Tells passwords from the configuration apart without revealing them: a MAC under a key that lives in this process. */
final class LiteralVersion {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int OCTETS_SHOWN = 12;

    private final SecretKeySpec key;
    private final Mac keyed;

    LiteralVersion() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.key = new SecretKeySpec(random, ALGORITHM);
        this.keyed = keyed();
    }

    CredentialVersion of(String user, Secret password) {
        Mac mac = copy();
        byte[] name = user.getBytes(StandardCharsets.UTF_8);
        // The length keeps "ab"+"c" and "a"+"bc" apart.
        mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(name.length).flip());
        mac.update(name);
        byte[] code = password.reveal(mac::doFinal);
        return new CredentialVersion(HexFormat.of().formatHex(code, 0, OCTETS_SHOWN));
    }

    /** Asked for every message: a copy costs a fraction of looking through the providers and setting the key. */
    private Mac copy() {
        try {
            return (Mac) keyed.clone();
        } catch (CloneNotSupportedException inHardware) {
            return keyed();
        }
    }

    private Mac keyed() {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java runtime has " + ALGORITHM, missing);
        }
    }
}
