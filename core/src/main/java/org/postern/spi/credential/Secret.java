// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.credential;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Function;

/**
 * A password, token or key. It cannot be printed, serialised or compared in variable time, and it can be wiped.
 *
 * <p>Threading: safe for use by several threads; {@link #close()} waits for nobody, so the owner closes a secret only
 * when no one uses it any more.
 */
public final class Secret implements AutoCloseable {

    private final byte[] octets;
    private volatile boolean wiped;

    private Secret(byte[] octets) {
        this.octets = octets;
    }

    /** A copy of these octets. */
    public static Secret copyOf(byte[] octets) {
        return new Secret(octets.clone());
    }

    /** These characters in UTF-8. The caller may wipe the array afterwards. */
    public static Secret copyOf(char[] characters) {
        ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(characters));
        byte[] octets = new byte[encoded.remaining()];
        encoded.get(octets);
        Arrays.fill(encoded.array(), (byte) 0);
        return new Secret(octets);
    }

    /** This text in UTF-8. A string stays in memory until it is collected; prefer the other factories. */
    public static Secret of(String text) {
        return new Secret(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Lends the octets to a function and wipes the lent copy when it returns.
     *
     * @throws IllegalStateException if the secret was wiped
     */
    public <R> R reveal(Function<byte[], R> use) {
        Objects.requireNonNull(use, "use");
        byte[] lent = octets.clone();
        // Checked after the copy: a wipe that came between would have lent zeros.
        if (wiped) {
            throw new IllegalStateException("the secret was wiped");
        }
        try {
            return use.apply(lent);
        } finally {
            Arrays.fill(lent, (byte) 0);
        }
    }

    /** Octets in the secret; 0 is possible. */
    public int length() {
        return octets.length;
    }

    /** A secret of its own with the same content. */
    public Secret copy() {
        return reveal(Secret::copyOf);
    }

    /** Overwrites the octets with zeros. Closing twice does nothing. */
    @Override
    public void close() {
        wiped = true;
        Arrays.fill(octets, (byte) 0);
    }

    /** Compares in time that depends on the lengths only. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that && MessageDigest.isEqual(octets, that.octets);
    }

    /** The same for all secrets, so that a hash cannot tell them apart. */
    @Override
    public int hashCode() {
        return Secret.class.hashCode();
    }

    /** Never the content. */
    @Override
    public String toString() {
        return "Secret[redacted]";
    }
}
