// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.library;

/** Octets as C's locale of the same name sees them. */
final class Lexical {

    private Lexical() {}

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLower(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isUpper(char c) {
        return c >= 'A' && c <= 'Z';
    }

    private static boolean isLetter(char c) {
        return isLower(c) || isUpper(c);
    }

    private static boolean isVisible(char c) {
        return c > ' ' && c < 0x7F;
    }

    /** Whether an octet is in the class of a letter such as the {@code d} of {@code %d}; other characters mean themselves. */
    static boolean isInClass(char c, char name) {
        boolean in = switch (name | 0x20) {
            case 'a' -> isLetter(c);
            case 'c' -> c < ' ' || c == 0x7F;
            case 'd' -> isDigit(c);
            case 'l' -> isLower(c);
            case 'p' -> isVisible(c) && !isLetter(c) && !isDigit(c);
            case 's' -> c == ' ' || c >= '\t' && c <= '\r';
            case 'u' -> isUpper(c);
            case 'w' -> isLetter(c) || isDigit(c);
            case 'x' -> Character.digit(c, 16) >= 0 && c < 0x7F;
            case 'z' -> c == 0;
            default -> {
                yield name == c;
            }
        };
        return isUpper(name) && isClass(name) ? !in : isClass(name) ? in : name == c;
    }

    private static boolean isClass(char name) {
        return isLetter(name) && "acdlpsuwxz".indexOf(name | 0x20) >= 0;
    }

    static String upper(String text) {
        StringBuilder changed = new StringBuilder(text);
        for (int i = 0; i < changed.length(); i++) {
            if (isLower(changed.charAt(i))) {
                changed.setCharAt(i, (char) (changed.charAt(i) - 0x20));
            }
        }
        return changed.toString();
    }

    static String lower(String text) {
        StringBuilder changed = new StringBuilder(text);
        for (int i = 0; i < changed.length(); i++) {
            if (isUpper(changed.charAt(i))) {
                changed.setCharAt(i, (char) (changed.charAt(i) + 0x20));
            }
        }
        return changed.toString();
    }
}
