// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.scram;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.postern.spi.credential.Octets;

/**
 * What an honest server says to a client whose nonce is known, reckoned with the Java runtime's own PBKDF2.
 *
 * @param hash which SCRAM
 * @param user as it is in the client's message
 * @param password in ASCII
 * @param clientNonce the client's
 */
record Server(Hash hash, String user, String password, String clientNonce) {

    private static final byte[] SALT = "a salt for tests".getBytes(StandardCharsets.US_ASCII);

    private String nonce() {
        return clientNonce + "server";
    }

    private String firstText() {
        return "r=" + nonce() + ",s=" + base64(SALT) + ",i=4096";
    }

    Octets first() {
        return Octets.utf8(firstText());
    }

    Octets last(String gs2Header, Octets binding) {
        ByteArrayOutputStream bound = new ByteArrayOutputStream();
        bound.writeBytes(gs2Header.getBytes(StandardCharsets.UTF_8));
        bound.writeBytes(binding.toByteArray());
        String signed = "n=" + user + ",r=" + clientNonce + "," + firstText() + ",c=" + base64(bound.toByteArray())
                + ",r=" + nonce();
        byte[] serverKey = hash.hmac(salted(), "Server Key".getBytes(StandardCharsets.US_ASCII));
        return Octets.utf8("v=" + base64(hash.hmac(serverKey, signed.getBytes(StandardCharsets.UTF_8))));
    }

    private byte[] salted() {
        String name = "PBKDF2WithHmac" + hash.mechanism().replace("SCRAM-SHA-", "SHA");
        int bits = hash.digest(new byte[0]).length * 8;
        try {
            return SecretKeyFactory.getInstance(name)
                    .generateSecret(new PBEKeySpec(password.toCharArray(), SALT, 4_096, bits))
                    .getEncoded();
        } catch (GeneralSecurityException missing) {
            throw new AssertionError(missing);
        }
    }

    private static String base64(byte[] octets) {
        return Base64.getEncoder().encodeToString(octets);
    }
}
