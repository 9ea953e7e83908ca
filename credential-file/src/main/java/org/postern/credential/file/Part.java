// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.file;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a secret consists of. Each part is a file of its own. */
enum Part {
    PASSWORD("password"),
    /** Kubernetes says {@code username} in secrets of its type basic-auth. */
    USER("user", "username"),
    MECHANISM("mechanism"),
    HOSTS("hosts"),
    NEXT_PASSWORD("next-password");

    private final List<String> names;

    Part(String... names) {
        this.names = List.of(names);
    }

    /** Where the part may lie in a folder that is the secret. */
    Stream<Path> in(Path folder) {
        return names.stream().map(folder::resolve);
    }

    /** Where the part may lie beside a file that is the secret. */
    Stream<Path> beside(Path file) {
        return this == PASSWORD
                ? Stream.of(file)
                : names.stream().map(name -> file.resolveSibling(file.getFileName() + "." + name));
    }

    /** Whether a file of this name is a part of another secret. */
    static boolean isBeside(String name) {
        return Stream.of(values())
                .filter(part -> part != PASSWORD)
                .flatMap(part -> part.names.stream())
                .anyMatch(ending -> name.endsWith("." + ending));
    }
}
