// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Secret;

/**
 * Versions of coming passwords. A vault notes no time for one, because it is not in use yet; so two are told apart by a MAC
 * under a key that lives in this process and is nowhere else.
 *
 * <p>Threading: safe for many threads.
 */
final class NextVersions {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int OCTETS_SHOWN = 12;

    private final SecretKeySpec key;

    NextVersions() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.key = new SecretKeySpec(random, ALGORITHM);
    }

    /** The version of what is to take the place of the current one. */
    CredentialVersion of(CredentialVersion current, Secret next) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            byte[] code = next.reveal(mac::doFinal);
            return new CredentialVersion(
                    current.value() + " next " + HexFormat.of().formatHex(code, 0, OCTETS_SHOWN));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java runtime has " + ALGORITHM, missing);
        }
    }
}
