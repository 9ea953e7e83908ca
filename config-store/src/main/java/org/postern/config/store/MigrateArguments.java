// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.postern.config.store.migrate.Move;

/**
 * What the command line of {@code migrate} asks for.
 *
 * @param file the configuration
 * @param move what is to be written, perhaps nothing
 * @param searchPath folders for what is not beside the including file
 * @param json whether a program reads the answer
 */
record MigrateArguments(Path file, Move move, List<Path> searchPath, boolean json) {

    /** @throws IllegalArgumentException if they are wrong; the message says what to write */
    static MigrateArguments parse(List<String> arguments) {
        Words words = new Words(new ArrayDeque<>(arguments));
        while (!words.left.isEmpty()) {
            words.take();
        }
        return words.meaning();
    }

    /** What was read of the words so far. */
    private static final class Words {

        private final Deque<String> left;
        private Optional<Path> file = Optional.empty();
        private Optional<Path> out = Optional.empty();
        private Optional<Path> vaultFolder = Optional.empty();
        private Optional<String> searchPath = Optional.empty();
        private boolean vault;
        private boolean force;
        private boolean json;

        private Words(Deque<String> left) {
            this.left = left;
        }

        private void take() {
            String word = left.poll();
            switch (word) {
                case "--out" -> out = Optional.of(absolute(value(word)));
                case "--search-path" -> searchPath = Optional.of(value(word));
                case "--force" -> force = true;
                case "--json" -> json = true;
                case "--vault" -> {
                    vault = true;
                    // Before FILE, the next word is FILE.
                    if (file.isPresent() && !left.isEmpty() && !left.peek().startsWith("-")) {
                        vaultFolder = Optional.of(absolute(value(word)));
                    }
                }
                default -> operand(word);
            }
        }

        private void operand(String word) {
            if (word.startsWith("-")) {
                throw new IllegalArgumentException("there is no option " + word);
            }
            if (word.isEmpty() || file.isPresent()) {
                throw new IllegalArgumentException(word.isEmpty() ? "FILE is empty" : "one FILE is enough");
            }
            file = Optional.of(Path.of(word));
        }

        private String value(String option) {
            if (left.isEmpty() || left.peek().isEmpty()) {
                throw new IllegalArgumentException(option + " needs a value");
            }
            return left.poll();
        }

        private MigrateArguments meaning() {
            if (file.isEmpty()) {
                throw new IllegalArgumentException("FILE is missing");
            }
            if (vault && vaultFolder.isEmpty() && out.isEmpty()) {
                throw new IllegalArgumentException("--vault needs a DIR where there is no --out");
            }
            if (force && out.isEmpty()) {
                throw new IllegalArgumentException("--force goes with --out");
            }
            Optional<Path> where = vault ? Optional.of(vaultFolder.or(() -> out).orElseThrow()) : Optional.empty();
            List<Path> folders = searchPath.stream()
                    .flatMap(text -> Stream.of(text.split(File.pathSeparator)))
                    .filter(folder -> !folder.isEmpty())
                    .map(Path::of)
                    .toList();
            return new MigrateArguments(file.get(), new Move(out, where, force), folders, json);
        }

        private static Path absolute(String path) {
            return Path.of(path).toAbsolutePath().normalize();
        }
    }
}
