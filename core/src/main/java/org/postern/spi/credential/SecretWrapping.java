// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.credential;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keeps secrets encrypted in memory under a key that is made for the life of a store: a heap dump or a swapped page does
 * not show them side by side in clear. For stores that keep what they have read.
 *
 * <p>Threading: safe for use by several threads.
 */
public final class SecretWrapping {

    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final String AES_GCM = "AES/GCM/NoPadding";

    private final SecureRandom random = new SecureRandom();
    private final SecretKey key;

    /** A wrapping with a random key of its own. */
    public SecretWrapping() {
        byte[] octets = new byte[32];
        random.nextBytes(octets);
        this.key = new SecretKeySpec(octets, "AES");
        Arrays.fill(octets, (byte) 0);
    }

    /** A secret that is encrypted until it is asked for. Closing wipes it, and is for when no one asks any more. */
    public final class Wrapped implements AutoCloseable {

        private final byte[] sealed;

        private Wrapped(byte[] sealed) {
            this.sealed = sealed;
        }

        /** A secret of the caller's own, to be closed by the caller. */
        public Secret unwrap() {
            byte[] clear = null;
            try {
                Cipher cipher = Cipher.getInstance(AES_GCM);
                cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, sealed, 0, NONCE));
                clear = cipher.doFinal(sealed, NONCE, sealed.length - NONCE);
                return Secret.copyOf(clear);
            } catch (GeneralSecurityException broken) {
                throw new IllegalStateException("a secret kept in memory is damaged", broken);
            } finally {
                if (clear != null) {
                    Arrays.fill(clear, (byte) 0);
                }
            }
        }

        /** Overwrites what is kept with zeros. Closing twice does nothing. */
        @Override
        public void close() {
            Arrays.fill(sealed, (byte) 0);
        }

        @Override
        public String toString() {
            return "Wrapped[redacted]";
        }
    }

    /** Encrypts a copy; the secret stays the caller's. */
    public Wrapped wrap(Secret secret) {
        return secret.reveal(clear -> new Wrapped(seal(clear)));
    }

    private byte[] seal(byte[] clear) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        try {
            Cipher cipher = Cipher.getInstance(AES_GCM);
            cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, nonce));
            byte[] sealed = cipher.doFinal(clear);
            return ByteBuffer.allocate(NONCE + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java runtime has AES-GCM", missing);
        }
    }
}
