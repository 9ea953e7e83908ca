// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The words behind a bundle's verb, less those that say where it is to run.
 *
 * @param instance the state directory of a relay that runs, if one is named
 * @param configuration the configuration to put in force, if one is named
 * @param rest what is the bundle's
 */
record VerbArguments(Optional<Path> instance, Optional<Path> configuration, List<String> rest) {

    private static final String INSTANCE = "--instance";
    private static final Set<String> CONFIGURATION = Set.of("-c", "--config");

    /** @param configured whether a configuration is the command line's business, and not the bundle's */
    static VerbArguments split(List<String> words, boolean configured) {
        Optional<Path> instance = Optional.empty();
        Optional<Path> configuration = Optional.empty();
        List<String> rest = new ArrayList<>();
        Deque<String> left = new ArrayDeque<>(words);
        while (!left.isEmpty()) {
            String word = left.poll();
            int equals = word.startsWith("--") ? word.indexOf('=') : -1;
            String option = equals < 0 ? word : word.substring(0, equals);
            if (option.equals(INSTANCE)) {
                instance = Optional.of(path(option, equals < 0 ? left.poll() : word.substring(equals + 1)));
            } else if (configured && CONFIGURATION.contains(option)) {
                configuration = Optional.of(path(option, equals < 0 ? left.poll() : word.substring(equals + 1)));
            } else {
                rest.add(word);
            }
        }
        return new VerbArguments(instance, configuration, List.copyOf(rest));
    }

    private static Path path(String option, String text) {
        if (text == null || text.isEmpty()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException notAPath) {
            throw new IllegalArgumentException(option + ": " + notAPath.getReason(), notAPath);
        }
    }

    boolean wantsHelp() {
        return rest.contains("--help") || rest.contains("-h");
    }
}
