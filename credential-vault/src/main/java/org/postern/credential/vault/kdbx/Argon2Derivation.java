// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.kdbx;

import java.security.SecureRandom;
import java.util.HexFormat;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** Argon2d and Argon2id (RFC 9106). */
final class Argon2Derivation implements KeyDerivation {

    static final String ARGON2D = "ef636ddf8c29444b91f7a9a403e30a0c";
    static final String ARGON2ID = "9e298b1956db4773b23dfc3ec6f0a1e6";

    private static final long KIB = 1024;
    private static final long MOST_MEMORY = 1024 * 1024 * KIB;
    private static final long MOST_PASSES = 10_000;
    private static final long MOST_WORK = 32 * MOST_MEMORY;
    private static final long MOST_LANES = 64;
    private static final int SALT = 32;

    private final String algorithm;
    private final VariantDictionary parameters;
    private final byte[] salt;
    private final int memoryKib;
    private final int passes;
    private final int lanes;
    private final int version;

    private Argon2Derivation(String algorithm, VariantDictionary parameters) throws UnreadableVaultException {
        this.algorithm = algorithm;
        this.parameters = parameters;
        this.salt = parameters.octets("S").orElseThrow(() -> new UnreadableVaultException("has no Argon2 salt"));
        this.passes = (int) bounded("passes", parameters.number("I"), 1, MOST_PASSES, "");
        this.lanes = (int) bounded("parallelism", parameters.number("P"), 1, MOST_LANES, "");
        // RFC 9106 section 3.1: at least eight blocks of a KiB for each lane.
        long least = 8 * KIB * lanes;
        this.memoryKib = (int) (bounded("memory", parameters.number("M"), least, mostMemory(), " octets") / KIB);
        this.version = version(parameters.number("V"));
        bounded("memory times passes", memoryKib * KIB * passes, 1, MOST_WORK, " octets");
    }

    static KeyDerivation read(String algorithm, VariantDictionary parameters) throws UnreadableVaultException {
        return new Argon2Derivation(algorithm, parameters);
    }

    static KeyDerivation argon2id(int memoryKib, int passes, int lanes, SecureRandom random) {
        VariantDictionary parameters = VariantDictionary.empty()
                .with(ALGORITHM, VariantDictionary.OCTETS, HexFormat.of().parseHex(ARGON2ID))
                .withInt64("I", passes)
                .withInt64("M", memoryKib * KIB)
                .withInt32("P", lanes)
                .with("S", VariantDictionary.OCTETS, salt(random))
                .withInt32("V", Argon2Parameters.ARGON2_VERSION_13);
        return checked(ARGON2ID, parameters);
    }

    @Override
    public byte[] derive(byte[] composite) {
        Argon2Parameters.Builder builder = new Argon2Parameters.Builder(
                        algorithm.equals(ARGON2D) ? Argon2Parameters.ARGON2_d : Argon2Parameters.ARGON2_id)
                .withVersion(version)
                .withMemoryAsKB(memoryKib)
                .withIterations(passes)
                .withParallelism(lanes)
                .withSalt(salt);
        parameters.octets("K").ifPresent(builder::withSecret);
        parameters.octets("A").ifPresent(builder::withAdditional);
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(builder.build());
        byte[] derived = new byte[LENGTH];
        generator.generateBytes(composite, derived);
        return derived;
    }

    @Override
    public KeyDerivation freshSalt(SecureRandom random) {
        return checked(algorithm, parameters.with("S", VariantDictionary.OCTETS, salt(random)));
    }

    @Override
    public byte[] parameters() {
        return parameters.toByteArray();
    }

    @Override
    public String describe() {
        return (algorithm.equals(ARGON2D) ? "Argon2d" : "Argon2id") + " with " + memoryKib + " KiB, " + passes
                + " passes";
    }

    private static KeyDerivation checked(String algorithm, VariantDictionary parameters) {
        try {
            return new Argon2Derivation(algorithm, parameters);
        } catch (UnreadableVaultException outOfBounds) {
            throw new IllegalStateException(outOfBounds);
        }
    }

    private static byte[] salt(SecureRandom random) {
        byte[] salt = new byte[SALT];
        random.nextBytes(salt);
        return salt;
    }

    // There are no versions between the two.
    private static int version(long written) throws UnreadableVaultException {
        if (written != Argon2Parameters.ARGON2_VERSION_10 && written != Argon2Parameters.ARGON2_VERSION_13) {
            throw new UnreadableVaultException(
                    "asks for Argon2 version " + Long.toUnsignedString(written) + "; there are 16 and 19");
        }
        return (int) written;
    }

    // The work area lies on the heap: half of it is the most that a vault may take from the mail.
    private static long mostMemory() {
        return Math.min(MOST_MEMORY, Runtime.getRuntime().maxMemory() / 2);
    }

    private static long bounded(String what, long value, long least, long most, String unit)
            throws UnreadableVaultException {
        if (value < least || value > most) {
            throw new UnreadableVaultException("asks for Argon2 " + what + " of " + Long.toUnsignedString(value) + unit
                    + "; allowed here are " + least + " to " + most + ": lower it in the vault's security settings");
        }
        return value;
    }
}
