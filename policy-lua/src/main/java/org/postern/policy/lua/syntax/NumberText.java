// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.syntax;

import java.util.OptionalDouble;
import java.util.regex.Pattern;

/** Numbers as Lua writes them: decimal with fraction and exponent, or hexadecimal integers. */
public final class NumberText {

    // Java's own reader knows suffixes and words that Lua has not; possessive, so that no input is read twice.
    private static final Pattern DECIMAL =
            Pattern.compile("[+-]?+(?:[0-9]++\\.?+[0-9]*+|\\.[0-9]++)(?:[eE][+-]?+[0-9]++)?+");
    private static final Pattern HEXADECIMAL = Pattern.compile("([+-]?+)0[xX]([0-9a-fA-F]++)");

    /** Longer ones are no numbers that anybody wrote. */
    private static final int LONGEST = 512;

    private NumberText() {}

    /** The number that the whole text is, blanks around it allowed. */
    public static OptionalDouble parse(String text) {
        String word = text.strip();
        if (word.length() > LONGEST) {
            return OptionalDouble.empty();
        }
        if (DECIMAL.matcher(word).matches()) {
            return OptionalDouble.of(Double.parseDouble(word));
        }
        var hexadecimal = HEXADECIMAL.matcher(word);
        if (hexadecimal.matches()) {
            double value = digits(hexadecimal.group(2), 16);
            return OptionalDouble.of(hexadecimal.group(1).equals("-") ? -value : value);
        }
        return OptionalDouble.empty();
    }

    /** The whole number that the text is in a base from 2 to 36. */
    public static OptionalDouble parse(String text, int base) {
        String word = text.strip();
        boolean negative = word.startsWith("-");
        String digits = negative ? word.substring(1) : word;
        if (base == 16 && digits.regionMatches(true, 0, "0x", 0, 2)) {
            digits = digits.substring(2);
        }
        if (digits.isEmpty()
                || digits.length() > LONGEST
                || !digits.chars().allMatch(c -> Character.digit(c, base) >= 0)) {
            return OptionalDouble.empty();
        }
        double value = digits(digits, base);
        return OptionalDouble.of(negative ? -value : value);
    }

    private static double digits(String digits, int base) {
        double value = 0;
        for (int i = 0; i < digits.length(); i++) {
            value = value * base + Character.digit(digits.charAt(i), base);
        }
        return value;
    }
}
