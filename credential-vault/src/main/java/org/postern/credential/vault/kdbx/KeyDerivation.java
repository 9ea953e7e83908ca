// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.kdbx;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * How the master key is stretched. What a file asks for is bounded before anything is allocated or computed, because the
 * parameters are read before the key can be checked.
 */
public sealed interface KeyDerivation permits Argon2Derivation, AesDerivation {

    /** Octets that a derivation makes. */
    int LENGTH = 32;

    /** The name of the parameter that names the algorithm. */
    String ALGORITHM = "$UUID";

    /**
     * Stretches the key.
     *
     * @param composite 32 octets; the caller wipes them
     * @return 32 octets; the caller wipes them
     */
    byte[] derive(byte[] composite);

    /** The same costs under another salt, as a rewrite needs it. */
    KeyDerivation freshSalt(SecureRandom random);

    /** The parameters as they are written in the header: a variant dictionary. */
    byte[] parameters();

    /** The algorithm with its costs, for people. */
    String describe();

    /** Enough for a key of 32 random octets, which nobody can guess: Argon2id with 1 MiB and 2 passes. */
    static KeyDerivation forRandomKey(SecureRandom random) {
        return Argon2Derivation.argon2id(1024, 2, 1, random);
    }

    /** For a passphrase: Argon2id with 64 MiB and 3 passes. */
    static KeyDerivation forPassphrase(SecureRandom random) {
        return Argon2Derivation.argon2id(64 * 1024, 3, 2, random);
    }

    /**
     * Reads the parameters of a header.
     *
     * @throws UnreadableVaultException if the algorithm is unknown or its costs are out of bounds
     */
    static KeyDerivation read(byte[] octets) throws UnreadableVaultException {
        VariantDictionary parameters = VariantDictionary.read(octets);
        String algorithm = HexFormat.of()
                .formatHex(parameters
                        .octets(ALGORITHM)
                        .orElseThrow(() -> new UnreadableVaultException("names no key derivation")));
        return switch (algorithm) {
            case Argon2Derivation.ARGON2D, Argon2Derivation.ARGON2ID -> Argon2Derivation.read(algorithm, parameters);
            case AesDerivation.KDBX3, AesDerivation.KDBX4 -> AesDerivation.read(parameters);
            default ->
                throw new UnreadableVaultException(
                        "uses an unknown key derivation; Argon2d, Argon2id and AES-KDF are understood");
        };
    }
}
