// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.kdbx;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.ChaCha20ParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The second cipher, over protected values only: one ChaCha20 key stream that runs through them in the order of the
 * document. Encrypting and decrypting are the same. Not safe for several threads.
 */
final class InnerStream {

    private final Cipher cipher;

    private InnerStream(Cipher cipher) {
        this.cipher = cipher;
    }

    static InnerStream chaCha20(byte[] seed) {
        byte[] expanded = Digests.sha512(seed);
        try {
            Cipher cipher = Cipher.getInstance("ChaCha20");
            SecretKeySpec key = new SecretKeySpec(expanded, 0, 32, "ChaCha20");
            // To the cipher a stream is a stream; only the mode's name says which way it goes.
            cipher.init(Cipher.ENCRYPT_MODE, key, new ChaCha20ParameterSpec(Arrays.copyOfRange(expanded, 32, 44), 0));
            return new InnerStream(cipher);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this Java runtime has no ChaCha20", missing);
        } finally {
            Arrays.fill(expanded, (byte) 0);
        }
    }

    /** The next value of the document; the caller wipes what is secret. */
    byte[] next(byte[] value) {
        byte[] turned = cipher.update(value);
        return turned == null ? new byte[0] : turned;
    }
}
