// SPDX-License-Identifier: Apache-2.0
package org.postern.spi;

import aQute.bnd.differ.DiffPluginImpl;
import aQute.bnd.osgi.Analyzer;
import aQute.bnd.osgi.Jar;
import aQute.bnd.service.diff.Diff;
import aQute.bnd.service.diff.Tree;
import aQute.bnd.service.diff.Type;
import aQute.bnd.version.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The exported packages as bnd sees them, and as text in the tree that later ones are compared with. bnd knows which change
 * breaks whom: it reads {@code @ConsumerType} and {@code @ProviderType}.
 */
final class Baseline {

    private static final String SUFFIX = ".api";

    /** A package and its version. */
    record ApiPackage(Version version, Tree tree) {}

    private final Map<String, ApiPackage> packages;

    private Baseline(Map<String, ApiPackage> packages) {
        this.packages = packages;
    }

    /** What these classes export, by their manifest. */
    static Baseline ofClasses(Path classes) throws Exception {
        try (Jar jar = new Jar(classes.toFile());
                Analyzer analyzer = new Analyzer(jar)) {
            analyzer.analyze();
            Map<String, ApiPackage> found = new TreeMap<>();
            for (Tree one : new DiffPluginImpl().tree(analyzer).get("<api>").getChildren()) {
                // Beside packages there are the Java versions that it runs on.
                if (one.getType() == Type.PACKAGE) {
                    found.put(one.getName(), new ApiPackage(versionOf(one), one));
                }
            }
            return new Baseline(found);
        }
    }

    private static Version versionOf(Tree one) {
        return Arrays.stream(one.getChildren())
                .filter(child -> child.getType() == Type.VERSION)
                .map(Tree::getName)
                .map(Version::parseVersion)
                .findFirst()
                .orElse(Version.emptyVersion);
    }

    /** What was written to this folder. */
    static Baseline read(Path folder) throws Exception {
        Map<String, ApiPackage> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(SUFFIX)).toList()) {
                Tree one = new DiffPluginImpl().deserialize(ApiText.parse(Files.readAllLines(file)));
                found.put(one.getName(), new ApiPackage(versionOf(one), one));
            }
        }
        return new Baseline(found);
    }

    /** Replaces what the folder has. */
    void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> old = Files.list(folder)) {
            for (Path file :
                    old.filter(path -> path.toString().endsWith(SUFFIX)).toList()) {
                Files.delete(file);
            }
        }
        for (Map.Entry<String, ApiPackage> one : packages.entrySet()) {
            Files.write(
                    folder.resolve(one.getKey() + SUFFIX),
                    ApiText.print(one.getValue().tree().serialize()));
        }
    }

    Map<String, ApiPackage> packages() {
        return packages;
    }

    /** What is wrong with the versions of these packages, as successors of those. */
    List<String> shortcomingsAfter(Baseline before) {
        List<String> shortcomings = new ArrayList<>();
        before.packages.forEach((name, old) -> {
            ApiPackage now = packages.get(name);
            if (now == null) {
                shortcomings.add(name + " is gone; whoever imports it no longer resolves");
            } else {
                shortcoming(old, now).ifPresent(shortcomings::add);
            }
        });
        return shortcomings;
    }

    private static Optional<String> shortcoming(ApiPackage old, ApiPackage now) {
        Diff diff = now.tree().diff(old.tree());
        Version least = switch (diff.getDelta()) {
            case MAJOR, REMOVED -> new Version(old.version().getMajor() + 1, 0, 0);
            case MINOR, ADDED ->
                new Version(old.version().getMajor(), old.version().getMinor() + 1, 0);
            case MICRO, CHANGED, UNCHANGED, IGNORED -> old.version();
        };
        return now.version().compareTo(least) >= 0
                ? Optional.empty()
                : Optional.of("%s has version %s and needs %s, because of: %s"
                        .formatted(now.tree().getName(), now.version(), least, String.join("; ", reasons(diff))));
    }

    /** The smallest parts that changed. */
    private static List<String> reasons(Diff diff) {
        List<String> reasons = new ArrayList<>();
        for (Diff part : diff.getChildren()) {
            switch (part.getDelta()) {
                case UNCHANGED, IGNORED -> {}
                case ADDED, REMOVED ->
                    reasons.add(
                            part.getDelta() + " " + part.getType() + " " + part.getName() + " in " + diff.getName());
                case CHANGED, MICRO, MINOR, MAJOR -> reasons.addAll(reasons(part));
            }
        }
        return reasons;
    }
}
