// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.nio.charset.StandardCharsets;

/**
 * Text that a peer wrote, made harmless for terminals and logs: UTF-8 with replacement, and nothing in it that moves a
 * cursor, ends a line or turns the direction of writing.
 */
final class PeerText {

    private static final int EXCERPT = 80;

    private PeerText() {}

    static String of(byte[] octets, int from, int to) {
        return harmless(new String(octets, from, to - from, StandardCharsets.UTF_8));
    }

    /** The beginning, in quotes, for error messages. */
    static String excerpt(byte[] octets, int from, int to) {
        return '"' + of(octets, from, Math.min(to, from + EXCERPT)) + (to - from > EXCERPT ? "..." : "") + '"';
    }

    /** The text, shortened if need be, for what comes out of certificates. */
    static String harmless(String text, int limit) {
        return harmless(text.length() > limit ? text.substring(0, limit) + "..." : text);
    }

    /** Why something failed, in a few words. */
    static String of(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : harmless(message, 200);
    }

    static String harmless(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isHarmful(text.charAt(i))) {
                return replaced(text);
            }
        }
        return text;
    }

    private static String replaced(String text) {
        char[] characters = text.toCharArray();
        for (int i = 0; i < characters.length; i++) {
            if (isHarmful(characters[i])) {
                characters[i] = characters[i] == '\t' ? ' ' : '?';
            }
        }
        return new String(characters);
    }

    private static boolean isHarmful(char c) {
        return Character.isISOControl(c)
                || c == 0x2028
                || c == 0x2029
                || c == 0x200E
                || c == 0x200F
                || (c >= 0x202A && c <= 0x202E)
                || (c >= 0x2066 && c <= 0x2069);
    }
}
