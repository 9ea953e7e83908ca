// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What follows the verb {@code check}.
 *
 * @param file the configuration
 * @param resolve whether stores are asked for the credentials that it names
 * @param json whether the answer is for programs
 */
record CheckArguments(Path file, boolean resolve, boolean json) {

    static final String RESOLVE = "--resolve";

    /** @throws IllegalArgumentException if the line is wrong; the message says how */
    static CheckArguments parse(List<String> words) {
        Optional<Path> file = Optional.empty();
        boolean resolve = false;
        boolean json = false;
        Deque<String> left = new ArrayDeque<>(words);
        while (!left.isEmpty()) {
            String word = left.poll();
            switch (word) {
                case "-c", "--config" -> file = Optional.of(path(left.poll()));
                case RESOLVE -> resolve = true;
                case "--json" -> json = true;
                default -> {
                    if (!word.startsWith("--config=")) {
                        throw new IllegalArgumentException("there is no option " + word);
                    }
                    file = Optional.of(path(word.substring("--config=".length())));
                }
            }
        }
        return new CheckArguments(
                file.orElseThrow(() -> new IllegalArgumentException("-c FILE is missing: which configuration?")),
                resolve,
                json);
    }

    private static Path path(String text) {
        if (text == null || text.isEmpty()) {
            throw new IllegalArgumentException("-c needs a value");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException notAPath) {
            throw new IllegalArgumentException("-c: " + notAPath.getReason(), notAPath);
        }
    }
}
