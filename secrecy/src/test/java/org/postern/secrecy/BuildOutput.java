// SPDX-License-Identifier: Apache-2.0
package org.postern.secrecy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.postern.testkit.Canaries;

/** What the tests of all modules have written below their build folders: reports with all that was logged, and files. */
final class BuildOutput {

    /** Made of the sources, which hold the secrets of tests in clear. */
    private static final Set<String> MADE_OF_SOURCES = Set.of(
            "classes", "test-classes", "generated-sources", "generated-test-sources", "maven-status", "spotless-index");

    /**
     * Where secrets belong, by the file's path below the build folder. Nothing else may hold one, whoever wrote it.
     */
    private static final Map<String, Pattern> SECRETS_BELONG_THERE = Map.of(
            "the configuration, in which an operator may write passwords",
            Pattern.compile("instance\\d+/postern\\.conf(\\.new)?"),
            "an operator's script with a password in it",
            Pattern.compile("instance\\d+/scriptlets/\\w+\\.lua"),
            "secrets mounted as files",
            Pattern.compile("instance\\d+/(secrets/.+|secret-id)"),
            "an operator's database of accounts",
            Pattern.compile("instance\\d+/\\w+\\.db(-\\w+)?"));

    /** What a test said of its own failure; it may well quote what it planted. The product's words are beside it. */
    private static final Pattern FAILURES = Pattern.compile(
            "<(failure|error|flakyFailure|flakyError|rerunFailure|rerunError)\\b.*?</\\1>", Pattern.DOTALL);

    private final Path root;
    private final Canaries canaries;
    private final List<String> leaks = new ArrayList<>();
    private final List<Path> secretPlaces = new ArrayList<>();
    private int searched;

    private BuildOutput(Path root, Canaries canaries) {
        this.root = root;
        this.canaries = canaries;
    }

    /** Looks into the build folders of the modules below this directory. */
    static BuildOutput search(Path root, Canaries canaries) throws IOException {
        BuildOutput output = new BuildOutput(root, canaries);
        for (Path module : modules(root)) {
            if (Files.isDirectory(module.resolve("target"))) {
                output.searchModule(module.resolve("target"));
            }
        }
        return output;
    }

    private static List<Path> modules(Path root) throws IOException {
        try (Stream<Path> deep = Files.find(
                root, 3, (file, attributes) -> file.getFileName().toString().equals("pom.xml"))) {
            return deep.map(Path::getParent).sorted().toList();
        }
    }

    private void searchModule(Path target) throws IOException {
        Files.walkFileTree(target, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                boolean made = folder.getParent().equals(target)
                        && MADE_OF_SOURCES.contains(folder.getFileName().toString());
                return made ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile() && !file.toString().endsWith(".jar")) {
                    searchFile(target, file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                // Something else is being built at the same time.
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }
        });
    }

    private void searchFile(Path target, Path file) throws IOException {
        String below = target.relativize(file).toString();
        if (SECRETS_BELONG_THERE.values().stream()
                .anyMatch(place -> place.matcher(below).matches())) {
            secretPlaces.add(file);
            return;
        }
        searched++;
        List<String> inName = canaries.findIn(file.getFileName().toString());
        inName.forEach(form -> leaks.add(root.relativize(file.getParent()) + ": name of a file: " + form));
        Path place = inName.isEmpty() ? root.relativize(file) : root.relativize(file.getParent());
        for (String form : isReport(below) ? findInReport(file) : canaries.findInContent(file)) {
            leaks.add(place + ": " + form);
        }
    }

    private static boolean isReport(String below) {
        return below.matches("(surefire|failsafe)-reports/.*(\\.xml|(?<!-output)\\.txt)");
    }

    private List<String> findInReport(Path report) throws IOException {
        // The short one beside each report has the failures and nothing else.
        String text = report.toString().endsWith(".xml") ? Files.readString(report, StandardCharsets.ISO_8859_1) : "";
        return canaries.findIn(FAILURES.matcher(text).replaceAll(""));
    }

    /** Files with secrets in them, and the forms that these have; never the secrets. */
    List<String> leaks() {
        return List.copyOf(leaks);
    }

    /** Files that were left out because secrets belong there. */
    List<Path> secretPlaces() {
        return List.copyOf(secretPlaces);
    }

    /** How many files were looked into. */
    int searched() {
        return searched;
    }
}
