// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.meaning;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postern.spi.settings.SettingsSnapshot.DomainPattern;
import org.postern.spi.settings.SettingsSnapshot.DomainPattern.Search;

/** Tries patterns on long names made of their own characters, which are the names that a careless one takes too long on. */
final class Endurance {

    private static final int LONGEST_NAME = 253;
    private static final int CHARACTERS_TRIED = 16;
    private static final long MOST_REPETITIONS = 1_000;
    private static final Pattern COUNT = Pattern.compile("(?<!\\\\)\\{(\\d+)");

    private Endurance() {}

    /** Whether a search for the pattern is given up on one of the names. */
    static boolean isExceededBy(DomainPattern pattern) {
        return "a.0-"
                .concat(pattern.text())
                .toLowerCase(java.util.Locale.ROOT)
                .chars()
                .filter(c -> c == '.' || c == '-' || Character.isLetterOrDigit(c))
                .distinct()
                .limit(CHARACTERS_TRIED)
                .mapToObj(Character::toString)
                .anyMatch(character -> isGivenUp(pattern, character) || isGivenUp(pattern, character + "."));
    }

    private static boolean isGivenUp(DomainPattern pattern, String part) {
        // The last character fits nowhere, so that every way through the name is tried.
        String name = part.repeat(LONGEST_NAME / part.length()) + "!";
        return pattern.search(name) == Search.GIVEN_UP;
    }

    /** Whether repetitions of nothing could go on for ever without a character being read, as in {@code (^){99999}}. */
    static boolean isExceededByCountsOf(String regex) {
        long product = 1;
        Matcher counts = COUNT.matcher(regex);
        while (counts.find()) {
            String digits = counts.group(1);
            long count = digits.length() > 4 ? Long.MAX_VALUE : Long.parseLong(digits);
            product = count > MOST_REPETITIONS ? Long.MAX_VALUE : Math.max(1, count) * product;
            if (product > MOST_REPETITIONS * MOST_REPETITIONS) {
                return true;
            }
        }
        return false;
    }
}
