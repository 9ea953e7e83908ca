// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.sasl;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;

/**
 * SASLprep (RFC 4013) for mechanisms that want user names and passwords prepared: one way to write what looks the same,
 * and nothing invisible. Code points that the Java runtime's Unicode does not know pass, as RFC 3454 section 7 has it for
 * queries. Plain ASCII, nearly all there is, is never turned into text and leaves no copies.
 *
 * <p>Threading: stateless.
 */
public final class SaslPrep {

    private SaslPrep() {}

    /**
     * The prepared form, in an array of its own, which the caller wipes.
     *
     * @param field what it is, for messages
     * @throws IllegalArgumentException if it is no UTF-8 or holds what RFC 4013 section 2.3 or 2.4 prohibits; the message
     *     names the field and never the value
     */
    public static byte[] prepared(byte[] octets, String field) {
        boolean ascii = true;
        for (byte octet : octets) {
            if (octet == 0x7F || (octet >= 0 && octet < 0x20)) {
                throw refused(field, octet == 0 ? "a NUL" : "a control character");
            }
            ascii &= octet >= 0;
        }
        return ascii ? octets.clone() : preparedText(octets, field);
    }

    private static IllegalArgumentException refused(String field, String what) {
        return new IllegalArgumentException("the " + field + " holds " + what + ", which RFC 4013 prohibits");
    }

    private static byte[] preparedText(byte[] octets, String field) {
        StringBuilder mapped = mapped(decoded(octets, field));
        String normal = Normalizer.normalize(mapped, Normalizer.Form.NFKC);
        for (int i = 0; i < mapped.length(); i++) {
            mapped.setCharAt(i, '\0');
        }
        if (normal.codePoints().anyMatch(SaslPrep::isProhibited)) {
            throw refused(field, "a character");
        }
        if (!keepsDirection(normal)) {
            throw refused(field, "characters of both writing directions");
        }
        return normal.getBytes(StandardCharsets.UTF_8);
    }

    private static CharBuffer decoded(byte[] octets, String field) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets));
        } catch (CharacterCodingException notUtf8) {
            throw new IllegalArgumentException("the " + field + " is not UTF-8", notUtf8);
        }
    }

    /** RFC 4013 section 2.1. */
    private static StringBuilder mapped(CharBuffer text) {
        StringBuilder mapped = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (isSpace(c)) {
                mapped.append(' ');
            } else if (!isNothing(c)) {
                mapped.appendCodePoint(c);
            }
        });
        Arrays.fill(text.array(), '\0');
        return mapped;
    }

    /** RFC 3454 table C.1.2. */
    private static boolean isSpace(int c) {
        return c == 0xA0 || c == 0x1680 || in(c, 0x2000, 0x200B) || c == 0x202F || c == 0x205F || c == 0x3000;
    }

    /** RFC 3454 table B.1. */
    private static boolean isNothing(int c) {
        return c == 0xAD
                || c == 0x34F
                || c == 0x1806
                || in(c, 0x180B, 0x180D)
                || c == 0x200C
                || c == 0x200D
                || c == 0x2060
                || in(c, 0xFE00, 0xFE0F)
                || c == 0xFEFF;
    }

    /** RFC 3454 tables C.2.1 to C.9, as far as mapping and normalisation leave any of it. */
    private static boolean isProhibited(int c) {
        return isControl(c)
                || Character.getType(c) == Character.PRIVATE_USE
                || in(c, 0xFDD0, 0xFDEF)
                || (c & 0xFFFE) == 0xFFFE
                || Character.getType(c) == Character.SURROGATE
                || in(c, 0xFFF9, 0xFFFD)
                || in(c, 0x2FF0, 0x2FFB)
                || isFormatting(c)
                || c == 0xE0001
                || in(c, 0xE0020, 0xE007F);
    }

    private static boolean isControl(int c) {
        return Character.isISOControl(c)
                || c == 0x6DD
                || c == 0x70F
                || c == 0x180E
                || c == 0x2028
                || c == 0x2029
                || in(c, 0x2061, 0x2063)
                || in(c, 0x1D173, 0x1D17A);
    }

    private static boolean isFormatting(int c) {
        return c == 0x340 || c == 0x341 || c == 0x200E || c == 0x200F || in(c, 0x202A, 0x202E) || in(c, 0x206A, 0x206F);
    }

    private static boolean in(int c, int first, int last) {
        return c >= first && c <= last;
    }

    /** RFC 3454 section 6: right-to-left text begins and ends so and has nothing left-to-right inside. */
    private static boolean keepsDirection(String text) {
        if (text.codePoints().noneMatch(SaslPrep::isRightToLeft)) {
            return true;
        }
        return text.codePoints()
                        .noneMatch(c -> Character.getDirectionality(c) == Character.DIRECTIONALITY_LEFT_TO_RIGHT)
                && isRightToLeft(text.codePointAt(0))
                && isRightToLeft(text.codePointBefore(text.length()));
    }

    private static boolean isRightToLeft(int c) {
        byte direction = Character.getDirectionality(c);
        return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
                || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
    }
}
