// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.credential;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An immutable string of octets with equality by content. It does not print its content, because what a mechanism sends
 * may reveal a secret.
 *
 * <p>Unlike {@link Secret} it cannot be wiped by its receiver, only by {@link #wipe()} from the code that made it.
 */
public final class Octets {

    /** No octets. Not the same as having nothing to say (RFC 4422 section 3.3). */
    public static final Octets EMPTY = new Octets(new byte[0]);

    private final byte[] octets;

    private Octets(byte[] octets) {
        this.octets = octets;
    }

    /** A copy of these octets. */
    public static Octets copyOf(byte[] octets) {
        return octets.length == 0 ? EMPTY : new Octets(octets.clone());
    }

    /** Takes the array over without a copy; the caller gives it up. */
    public static Octets wrap(byte[] octets) {
        return octets.length == 0 ? EMPTY : new Octets(octets);
    }

    /** The text in UTF-8. */
    public static Octets utf8(String text) {
        return wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** How many there are. */
    public int length() {
        return octets.length;
    }

    /** A copy of the content. */
    public byte[] toByteArray() {
        return octets.clone();
    }

    /** The content read as UTF-8, for mechanisms whose messages are text. */
    public String toUtf8() {
        return new String(octets, StandardCharsets.UTF_8);
    }

    /** Overwrites the content with zeros; for the engine, after the octets have been sent. */
    public void wipe() {
        Arrays.fill(octets, (byte) 0);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Octets that && Arrays.equals(octets, that.octets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets);
    }

    /** The length only. */
    @Override
    public String toString() {
        return "Octets[" + octets.length + "]";
    }
}
