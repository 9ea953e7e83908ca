// SPDX-License-Identifier: Apache-2.0
package org.postern.core.sasl;

import java.util.Arrays;
import java.util.Base64;
import org.postern.spi.credential.Octets;

/**
 * Base64 as RFC 4954 section 4 wants it: nothing outside the alphabet, padding where it belongs. Bits behind the end that
 * are not zero do no harm and are let pass.
 */
final class Base64Text {

    /** Octets in a challenge, decoded: RFC 4954 section 4. */
    static final int MAX_CHALLENGE = 12_288;

    private Base64Text() {}

    /** Characters that so many octets become. */
    static int lengthOf(int octets) {
        return (octets + 2) / 3 * 4;
    }

    /** The octets in base64. The caller wipes the result. */
    static byte[] of(Octets octets) {
        byte[] plain = octets.toByteArray();
        try {
            return Base64.getEncoder().encode(plain);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    /** As {@link #of}, and {@code =} for a response that is there and empty. */
    static byte[] ofInitial(Octets octets) {
        return octets.length() == 0 ? new byte[] {'='} : of(octets);
    }

    /** @throws IllegalArgumentException if this is no base64 or too much; the message completes "a challenge that ..." */
    static Octets decode(String text) {
        if (text.length() > lengthOf(MAX_CHALLENGE)) {
            throw new IllegalArgumentException("is longer than " + MAX_CHALLENGE + " octets");
        }
        if (text.length() % 4 != 0) {
            throw new IllegalArgumentException("is not base64");
        }
        try {
            return Octets.wrap(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException notBase64) {
            throw new IllegalArgumentException("is not base64", notBase64);
        }
    }
}
