// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.mail;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Text in the form that parameters of commands carry (RFC 3461 section 4): printable ASCII without space, {@code +} and
 * {@code =}, and everything else as {@code +} with two hexadecimal digits.
 */
public final class Xtext {

    private static final Pattern FORM = Pattern.compile("(?:[!-*,-<>-~]|\\+[0-9A-F]{2})*");
    private static final int HEX = 16;

    private Xtext() {}

    /** Whether the text has that form, and nothing but printable ASCII is encoded in it. */
    public static boolean isPrintable(String text) {
        return FORM.matcher(text).matches() && decode(text).chars().allMatch(c -> c >= 0x20 && c < 0x7f);
    }

    /** The form for a text; what is not ASCII is encoded as UTF-8. */
    public static String encode(String text) {
        StringBuilder encoded = new StringBuilder(text.length());
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            if (octet > ' ' && octet < 0x7f && octet != '+' && octet != '=') {
                encoded.append((char) octet);
            } else {
                encoded.append('+').append(HexFormat.of().withUpperCase().toHexDigits(octet));
            }
        }
        return encoded.toString();
    }

    /** What a text of that form says. */
    public static String decode(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '+' && i + 2 < text.length()) {
                plain.append((char) Integer.parseInt(text, i + 1, i + 3, HEX));
                i += 2;
            } else {
                plain.append(text.charAt(i));
            }
        }
        return plain.toString();
    }
}
