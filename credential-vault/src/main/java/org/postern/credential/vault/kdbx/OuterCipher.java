// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.kdbx;

import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.ChaCha20ParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The cipher around the whole content. */
enum OuterCipher {
    AES_256_CBC("31c1f2e6bf714350be5805216afc5aff", 16, "AES/CBC/PKCS5Padding", "AES"),
    CHACHA20("d6038a2b8b6f4cb5a524339a31dbb59a", 12, "ChaCha20", "ChaCha20");

    private static final String TWOFISH = "ad68f29f576f4bb9a36ad47af965346c";

    private final String id;
    private final int ivLength;
    private final String transformation;
    private final String algorithm;

    OuterCipher(String id, int ivLength, String transformation, String algorithm) {
        this.id = id;
        this.ivLength = ivLength;
        this.transformation = transformation;
        this.algorithm = algorithm;
    }

    static OuterCipher of(byte[] id) throws UnreadableVaultException {
        String wanted = HexFormat.of().formatHex(id);
        for (OuterCipher cipher : values()) {
            if (cipher.id.equals(wanted)) {
                return cipher;
            }
        }
        throw new UnreadableVaultException("uses " + (wanted.equals(TWOFISH) ? "Twofish" : "an unknown cipher")
                + "; choose AES-256 or ChaCha20 in the vault's security settings");
    }

    byte[] id() {
        return HexFormat.of().parseHex(id);
    }

    int ivLength() {
        return ivLength;
    }

    byte[] encrypt(byte[] key, byte[] iv, byte[] plain) {
        try {
            return cipher(Cipher.ENCRYPT_MODE, key, iv).doFinal(plain);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this Java runtime has no " + transformation, missing);
        }
    }

    byte[] decrypt(byte[] key, byte[] iv, byte[] sealed) throws UnreadableVaultException {
        try {
            return cipher(Cipher.DECRYPT_MODE, key, iv).doFinal(sealed);
        } catch (GeneralSecurityException broken) {
            throw new UnreadableVaultException("is damaged: its content does not decrypt");
        }
    }

    private Cipher cipher(int mode, byte[] key, byte[] iv) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(transformation);
        AlgorithmParameterSpec start = this == CHACHA20 ? new ChaCha20ParameterSpec(iv, 0) : new IvParameterSpec(iv);
        cipher.init(mode, new SecretKeySpec(key, algorithm), start);
        return cipher;
    }
}
