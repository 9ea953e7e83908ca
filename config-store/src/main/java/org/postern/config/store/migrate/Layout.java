// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.migrate;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where each file goes in a folder that holds the whole tree. What lies under the main file's folder keeps its place; a
 * folder of the search path, or any other one, becomes a folder of the same name.
 */
final class Layout {

    private final Path home;
    private final List<Path> searchPath;
    private final Map<Path, Path> guests = new LinkedHashMap<>();
    private final Set<Path> taken = new HashSet<>();

    /** @param files all files of the tree, so that guests do not take their places */
    Layout(Path home, List<Path> searchPath, Set<Path> files) {
        this.home = home;
        this.searchPath = searchPath;
        files.stream()
                .filter(file -> file.startsWith(home))
                .map(file -> home.relativize(file).getName(0))
                .forEach(taken::add);
    }

    /** The place of a file, relative to the folder. */
    Path ofFile(Path file) {
        return file.startsWith(home)
                ? home.relativize(file)
                : ofFolder(file.getParent()).resolve(file.getFileName());
    }

    /** The place of a folder. */
    Path ofFolder(Path folder) {
        if (folder.startsWith(home)) {
            return home.relativize(folder);
        }
        Optional<Path> root = searchPath.stream().filter(folder::startsWith).findFirst();
        return root.map(path -> guest(path).resolve(path.relativize(folder)))
                .orElseGet(() -> guest(folder))
                .normalize();
    }

    private Path guest(Path folder) {
        return guests.computeIfAbsent(folder, ignored -> {
            String name =
                    folder.getFileName() == null ? "root" : folder.getFileName().toString();
            Path place = Path.of(name);
            for (int number = 2; !taken.add(place); number++) {
                place = Path.of(name + "-" + number);
            }
            return place;
        });
    }
}
