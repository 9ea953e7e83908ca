// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.send;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The fields on top of a message (RFC 5322 section 2.2), each with its folds and without its last line end. Octets are
 * held as ISO-8859-1 characters, one for one, so that what is not ours stays as it was.
 */
final class MessageHeader {

    private final List<String> fields = new ArrayList<>();

    /** Takes one line, if it belongs to a header: a field, or a further line of the last field. */
    boolean take(String line) {
        boolean folded = !line.isEmpty() && (line.charAt(0) == ' ' || line.charAt(0) == '\t');
        if (folded && !fields.isEmpty()) {
            fields.add(fields.removeLast() + "\r\n" + line);
            return true;
        }
        boolean isField = line.matches("(?s)[\\x21-\\x39\\x3b-\\x7e]+[ \\t]*:.*");
        if (isField) {
            fields.add(line);
        }
        return isField;
    }

    /** What stands in every field of this name, unfolded. */
    List<String> values(String name) {
        return fields.stream()
                .filter(field -> name(field).equals(name.toLowerCase(Locale.ROOT)))
                .map(field -> field.substring(field.indexOf(':') + 1)
                        .replace("\r\n", "")
                        .strip())
                .toList();
    }

    boolean has(String name) {
        return !values(name).isEmpty();
    }

    void remove(String name) {
        fields.removeIf(field -> name(field).equals(name.toLowerCase(Locale.ROOT)));
    }

    void add(String name, String value) {
        fields.add(name + ": " + value);
    }

    /** The fields with their line ends, and the empty line. */
    String text() {
        StringBuilder text = new StringBuilder();
        fields.forEach(field -> text.append(field).append("\r\n"));
        return text.append("\r\n").toString();
    }

    private static String name(String field) {
        return field.substring(0, field.indexOf(':')).strip().toLowerCase(Locale.ROOT);
    }
}
