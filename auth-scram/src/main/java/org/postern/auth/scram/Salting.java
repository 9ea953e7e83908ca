// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.scram;

import java.util.Arrays;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;

/**
 * {@code Hi} of RFC 5802 section 2.2, which is PBKDF2 with one block. The count comes from the peer, so that it is bounded
 * twice: by number before the work, and by time during it, because a machine may be slow. The runtime's own PBKDF2 cannot
 * be stopped, and wants the password as characters that it keeps a copy of.
 */
final class Salting {

    /** Fewer give the peer, or whoever poses as it, a cheap way to try passwords (RFC 7677 section 4). */
    static final int LEAST_ITERATIONS = 4_096;

    /** More would let a peer burn a processor; ten times what servers are set to. */
    static final int MOST_ITERATIONS = 1_000_000;

    /** Nanoseconds that it may take: two orders of magnitude above the usual. */
    static final long MOST_TIME = 5_000_000_000L;

    private static final int ITERATIONS_BETWEEN_LOOKS = 1_024;
    private static final byte[] FIRST_BLOCK = {0, 0, 0, 1};

    private final LongSupplier nanoTime;

    /** @param nanoTime such as {@link System#nanoTime()} */
    Salting(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Salts a password.
     *
     * @param password prepared, not empty; not kept
     * @return the salted password, which the caller wipes
     * @throws ScramFailure if it takes too long
     */
    byte[] salt(Hash hash, byte[] password, byte[] salt, int iterations) throws ScramFailure {
        long begun = nanoTime.getAsLong();
        Mac mac = hash.keyed(password);
        mac.update(salt);
        byte[] block = mac.doFinal(FIRST_BLOCK);
        byte[] sum = block.clone();
        try {
            for (int i = 1; i < iterations; i++) {
                again(mac, block);
                for (int j = 0; j < sum.length; j++) {
                    sum[j] ^= block[j];
                }
                if (i % ITERATIONS_BETWEEN_LOOKS == 0 && nanoTime.getAsLong() - begun > MOST_TIME) {
                    Arrays.fill(sum, (byte) 0);
                    throw new ScramFailure("the peer demands " + iterations + " iterations, which takes this machine "
                            + "more than " + MOST_TIME / 1_000_000_000L + " s");
                }
            }
            return sum;
        } finally {
            Arrays.fill(block, (byte) 0);
        }
    }

    private static void again(Mac mac, byte[] block) {
        try {
            mac.update(block);
            mac.doFinal(block, 0);
        } catch (ShortBufferException impossible) {
            throw new IllegalStateException("the block is as long as the code", impossible);
        }
    }
}
