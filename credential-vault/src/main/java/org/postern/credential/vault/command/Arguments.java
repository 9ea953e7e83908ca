// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.command;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Options and operands of one call: {@code --name value}, {@code --name=value}, flags, and {@code --} before an operand
 * that begins with a hyphen. Immutable.
 */
final class Arguments {

    private final Map<String, List<String>> options;
    private final List<String> operands;

    private Arguments(Map<String, List<String>> options, List<String> operands) {
        this.options = options;
        this.operands = operands;
    }

    /** The arguments are not what the verb takes. */
    static final class UsageException extends Exception {

        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }

    /**
     * Sorts words into options and operands.
     *
     * @param valued options that take a value, with their hyphens
     * @param flags options that take none
     */
    static Arguments parse(List<String> words, Set<String> valued, Set<String> flags) throws UsageException {
        Map<String, List<String>> options = new HashMap<>();
        List<String> operands = new ArrayList<>();
        Iterator<String> rest = words.iterator();
        while (rest.hasNext()) {
            String word = rest.next();
            if (word.equals("--")) {
                rest.forEachRemaining(operands::add);
            } else if (word.startsWith("-") && word.length() > 1) {
                option(word, rest, valued, flags, options);
            } else {
                operands.add(word);
            }
        }
        return new Arguments(options, operands);
    }

    private static void option(
            String word,
            Iterator<String> rest,
            Set<String> valued,
            Set<String> flags,
            Map<String, List<String>> options)
            throws UsageException {
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        List<String> values = options.computeIfAbsent(name, ignored -> new ArrayList<>());
        if (flags.contains(name) && equals < 0) {
            values.add("");
        } else if (flags.contains(name)) {
            throw new UsageException(name + " takes no value");
        } else if (!valued.contains(name)) {
            // The value is not repeated: it may be a secret that was put in the wrong place.
            throw new UsageException("unknown option " + name + nearest(name, valued, flags));
        } else if (equals >= 0) {
            values.add(word.substring(equals + 1));
        } else if (rest.hasNext()) {
            values.add(rest.next());
        } else {
            throw new UsageException(name + " needs a value");
        }
    }

    private static String nearest(String name, Set<String> valued, Set<String> flags) {
        List<String> known = new ArrayList<>(valued);
        known.addAll(flags);
        return known.stream()
                .filter(candidate -> distance(name, candidate) <= 2)
                .findFirst()
                .map(candidate -> "; did you mean " + candidate + "?")
                .orElse("");
    }

    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int change = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.length()];
    }

    boolean has(String option) {
        return options.containsKey(option);
    }

    /** The value of an option that may be given once. */
    Optional<String> one(String option) throws UsageException {
        List<String> values = all(option);
        if (values.size() > 1) {
            throw new UsageException(option + " is given twice");
        }
        return values.stream().findFirst();
    }

    /** The values of an option in order. */
    List<String> all(String option) {
        return options.getOrDefault(option, List.of());
    }

    /** The one operand. */
    String operand(String what) throws UsageException {
        if (operands.size() != 1) {
            throw new UsageException(operands.isEmpty() ? "the " + what + " is missing" : "one " + what + " at a time");
        }
        return operands.get(0);
    }

    void noOperands() throws UsageException {
        if (!operands.isEmpty()) {
            throw new UsageException("unexpected: " + operands.get(0));
        }
    }
}
