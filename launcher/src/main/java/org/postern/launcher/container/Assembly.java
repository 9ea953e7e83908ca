// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * The bundles of a home. The folders are the list: {@code system/LEVEL/NAME.jar} is installed at start level LEVEL. The
 * build fills them from the launcher's dependencies, so that nobody keeps a second list.
 *
 * @param bundles the bundles, by start level and then by name
 */
public record Assembly(List<AssembledBundle> bundles) {

    /** Copies the list. */
    public Assembly {
        bundles = List.copyOf(bundles);
    }

    /**
     * Lists the bundles of a home.
     *
     * @throws IOException if the folders cannot be read, hold no bundle, or a level's name is not a number
     */
    public static Assembly of(Path home) throws IOException {
        Path system = home.resolve("system");
        List<AssembledBundle> found = new ArrayList<>();
        for (Path level : children(system)) {
            found.addAll(bundlesOf(level));
        }
        if (found.isEmpty()) {
            throw new IOException("no bundles in " + system);
        }
        found.sort(Comparator.comparingInt(AssembledBundle::startLevel).thenComparing(AssembledBundle::name));
        return new Assembly(found);
    }

    /** The same assembly with these bundles only. */
    public Assembly only(Predicate<AssembledBundle> wanted) {
        return new Assembly(bundles.stream().filter(wanted).toList());
    }

    /**
     * The symbolic names of the bundles that keep mail, or take it in: they offer a spool, or need the engine.
     *
     * @throws IOException if a jar cannot be read
     */
    public List<String> movingMail() throws IOException {
        List<String> names = new ArrayList<>();
        for (AssembledBundle bundle : bundles) {
            bundle.nameIfMovingMail().ifPresent(names::add);
        }
        return names;
    }

    /** The highest start level in use. */
    public int highestLevel() {
        return bundles.stream().mapToInt(AssembledBundle::startLevel).max().orElse(1);
    }

    private static List<AssembledBundle> bundlesOf(Path folder) throws IOException {
        int level = level(folder);
        return children(folder).stream()
                .filter(path -> path.toString().endsWith(".jar"))
                .map(jar -> new AssembledBundle(jar, level))
                .toList();
    }

    private static int level(Path folder) throws IOException {
        String name = folder.getFileName().toString();
        if (!name.matches("[1-9][0-9]?")) {
            throw new IOException(folder + ": the folder's name must be a start level from 1 to 99");
        }
        return Integer.parseInt(name);
    }

    private static List<Path> children(Path folder) throws IOException {
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(children::add);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return children;
    }
}
