// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.kdbx;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES-KDF: each half of the key encrypted again and again under the seed, then hashed. */
final class AesDerivation implements KeyDerivation {

    static final String KDBX3 = "c9d9f39a628a4460bf740d08c18a4fea";
    static final String KDBX4 = "7c02bb8279a74ac0927d114a00648238";

    private static final long MOST_ROUNDS = 200_000_000;
    private static final int BLOCK = 16;
    private static final int CHUNK = 4096 * BLOCK;

    private final VariantDictionary parameters;
    private final byte[] seed;
    private final long rounds;

    private AesDerivation(VariantDictionary parameters, byte[] seed, long rounds) {
        this.parameters = parameters;
        this.seed = seed;
        this.rounds = rounds;
    }

    static KeyDerivation read(VariantDictionary parameters) throws UnreadableVaultException {
        byte[] seed = parameters
                .octets("S")
                .filter(octets -> octets.length == LENGTH)
                .orElseThrow(() -> new UnreadableVaultException("has no AES-KDF seed of 32 octets"));
        long rounds = parameters.number("R");
        if (rounds < 0 || rounds > MOST_ROUNDS) {
            throw new UnreadableVaultException("asks for " + Long.toUnsignedString(rounds)
                    + " AES-KDF rounds; allowed here are at most " + MOST_ROUNDS
                    + ": lower them in the vault's security settings");
        }
        return new AesDerivation(parameters, seed, rounds);
    }

    @Override
    public byte[] derive(byte[] composite) {
        byte[] left = repeat(Arrays.copyOfRange(composite, 0, BLOCK));
        byte[] right = repeat(Arrays.copyOfRange(composite, BLOCK, LENGTH));
        byte[] derived = Digests.sha256(left, right);
        Arrays.fill(left, (byte) 0);
        Arrays.fill(right, (byte) 0);
        return derived;
    }

    // CBC over zeros encrypts the previous block once more with every block: the same as repeated ECB, but the whole
    // chain runs inside one call that the JVM compiles to AES instructions.
    private byte[] repeat(byte[] half) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(seed, "AES"), new IvParameterSpec(half));
            byte[] zeros = new byte[CHUNK];
            byte[] chain = new byte[CHUNK];
            for (long left = rounds * BLOCK; left > 0; left -= CHUNK) {
                int count = (int) Math.min(left, CHUNK);
                cipher.update(zeros, 0, count, chain, 0);
                System.arraycopy(chain, count - BLOCK, half, 0, BLOCK);
            }
            Arrays.fill(chain, (byte) 0);
            return half;
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java runtime has AES", missing);
        }
    }

    @Override
    public KeyDerivation freshSalt(SecureRandom random) {
        byte[] fresh = new byte[LENGTH];
        random.nextBytes(fresh);
        return new AesDerivation(parameters.with("S", VariantDictionary.OCTETS, fresh), fresh, rounds);
    }

    @Override
    public byte[] parameters() {
        return parameters.toByteArray();
    }

    @Override
    public String describe() {
        return "AES-KDF with " + rounds + " rounds";
    }
}
