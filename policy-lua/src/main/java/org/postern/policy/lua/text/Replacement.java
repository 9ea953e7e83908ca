// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.text;

import java.util.Optional;
import java.util.regex.Matcher;

/** What stands in place of a match. */
final class Replacement {

    private Replacement() {}

    /** Puts in what groups matched; a reference to a group that does not exist stays as it is. */
    static String expand(String replacement, Regex regex, Matcher matcher) {
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < replacement.length(); ) {
            char c = replacement.charAt(at);
            int end = c == '$' || c == '\\' ? endOfReference(replacement, at + 1) : at;
            Optional<String> group =
                    end > at ? group(replacement.substring(at + 1, end), regex, matcher) : Optional.empty();
            if (group.isPresent()) {
                text.append(group.get());
                at = end;
            } else {
                text.append(c);
                at++;
            }
        }
        return text.toString();
    }

    private static int endOfReference(String text, int from) {
        if (from < text.length() && text.charAt(from) == '{') {
            return text.indexOf('}', from) + 1;
        }
        int end = from;
        while (end < text.length() && end < from + 2 && Character.isDigit(text.charAt(end))) {
            end++;
        }
        return end == from ? 0 : end;
    }

    private static Optional<String> group(String reference, Regex regex, Matcher matcher) {
        String name = reference.startsWith("{") ? reference.substring(1, reference.length() - 1) : reference;
        if (regex.names().containsKey(name)) {
            return Optional.of(text(matcher.group(regex.names().get(name))));
        }
        if (!name.isEmpty() && name.length() < 3 && name.chars().allMatch(Character::isDigit)) {
            int number = Integer.parseInt(name);
            return number <= matcher.groupCount() ? Optional.of(text(matcher.group(number))) : Optional.empty();
        }
        return Optional.empty();
    }

    private static String text(String matched) {
        return matched == null ? "" : matched;
    }
}
