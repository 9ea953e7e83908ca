// SPDX-License-Identifier: Apache-2.0
package org.postern.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The inputs that are kept in the tree: good ones to start from, and every one that was ever a finding. */
final class Corpus {

    private final Path folder;

    /** @param module the folder of the module */
    Corpus(Path module) {
        this.folder = module.resolve("corpus");
    }

    Path folder(Target target) {
        return folder.resolve(target.label());
    }

    /** The files of a target, by name. */
    List<Path> files(Target target) throws IOException {
        try (Stream<Path> files = Files.list(folder(target))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** Their contents. */
    List<byte[]> inputs(Target target) throws IOException {
        List<byte[]> inputs = new ArrayList<>();
        for (Path file : files(target)) {
            inputs.add(Files.readAllBytes(file));
        }
        return inputs;
    }
}
