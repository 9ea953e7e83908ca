// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.file;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Which keys can be names of secrets: relative paths that go down only and show themselves. */
final class SecretKey {

    private static final int LONGEST = 512;

    private SecretKey() {}

    /** What is wrong with a key, in words that follow it. */
    static Optional<String> objectionTo(String key) {
        if (key.isBlank()) {
            return Optional.of("is empty");
        }
        if (key.length() > LONGEST) {
            return Optional.of("is longer than " + LONGEST + " characters");
        }
        if (key.chars().anyMatch(c -> Character.isISOControl(c) || c == '\\')) {
            return Optional.of("has a control character or a backslash in it");
        }
        for (String segment : key.split("/", -1)) {
            // A dot at the beginning also keeps out "..data" and the like, which Kubernetes uses for itself.
            if (segment.isEmpty() || segment.startsWith(".")) {
                return Optional.of("is not a path that goes down from a folder, of names that do not begin with a dot");
            }
        }
        if (Part.isBeside(key)) {
            return Optional.of("names a part of another secret");
        }
        return pathObjection(key);
    }

    private static Optional<String> pathObjection(String key) {
        try {
            Path.of(key);
            return Optional.empty();
        } catch (InvalidPathException impossible) {
            return Optional.of("cannot be the name of a file here: does the service run with a UTF-8 locale?");
        }
    }
}
