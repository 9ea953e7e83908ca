// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.kdbx;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Vaults of every make that other tools offer, for tests. */
public final class KdbxMakes {

    private KdbxMakes() {}

    /**
     * Cipher and key derivation.
     *
     * @param shownByKeePassXc what KeePassXC calls the two
     */
    public record Make(OuterCipher cipher, KeyDerivation derivation, List<String> shownByKeePassXc) {

        /** A file of this make. */
        public byte[] seal(Element root, String passphrase) {
            try (Kdbx kdbx = Kdbx.fresh(cipher, derivation, root);
                    CompositeKey key = CompositeKey.ofPassphrase(passphrase.getBytes(StandardCharsets.UTF_8))) {
                return kdbx.seal(key);
            }
        }

        @Override
        public String toString() {
            return String.join(", ", shownByKeePassXc);
        }
    }

    /** Each of them. */
    public static List<Make> all() throws IOException {
        KeyDerivation argon2d =
                KeyDerivation.read(KeyDerivationTest.argon2(Argon2Derivation.ARGON2D, 64 * 1024 * 1024, 2, 2)
                        .toByteArray());
        KeyDerivation argon2id =
                KeyDerivation.read(KeyDerivationTest.argon2(Argon2Derivation.ARGON2ID, 1024 * 1024, 2, 1)
                        .toByteArray());
        KeyDerivation aes = KeyDerivation.read(KeyDerivationTest.aes(100_000).toByteArray());
        return List.of(
                new Make(OuterCipher.AES_256_CBC, argon2d, List.of("AES 256-bit", "Argon2d")),
                new Make(OuterCipher.CHACHA20, argon2id, List.of("ChaCha20", "Argon2id")),
                new Make(OuterCipher.CHACHA20, aes, List.of("ChaCha20", "AES (100000 rounds)")),
                new Make(OuterCipher.AES_256_CBC, aes, List.of("AES 256-bit", "AES (100000 rounds)")));
    }
}
