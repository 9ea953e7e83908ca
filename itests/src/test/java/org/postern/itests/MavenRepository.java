// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A local repository for builds that a test starts: everything that the repository of this build has, by links, and in
 * place of whatever Postern is installed there the artifacts of this build. The user's own repository stays as it is.
 */
record MavenRepository(Path location) {

    private static final String VERSION = "0.1.0-SNAPSHOT";

    /** In the build folder, where what it links to is safe from whoever tidies temporary folders. */
    static MavenRepository ofThisBuild() throws IOException {
        Path location = Path.of("target").toRealPath().resolve("repository");
        Path users = Path.of(System.getProperty("postern.repository"));
        link(users, location, "org");
        link(users.resolve("org"), location.resolve("org"), "postern");
        MavenRepository repository = new MavenRepository(location);
        Path checkout = Path.of("..").toRealPath();
        repository.put("postern", checkout, "pom");
        for (String module : List.of("core", "scripted-peer", "testkit")) {
            repository.put("postern-" + module, checkout.resolve(module), "jar");
        }
        return repository;
    }

    private static void link(Path from, Path to, String but) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> entries = Files.list(from)) {
            for (Path entry : entries.filter(path -> !path.endsWith(but)).toList()) {
                Path link = to.resolve(entry.getFileName());
                if (!Files.exists(link, NOFOLLOW_LINKS)) {
                    Files.createSymbolicLink(link, entry);
                }
            }
        }
    }

    private void put(String artifact, Path module, String packaging) throws IOException {
        Path folder = Files.createDirectories(location.resolve("org/postern/" + artifact + "/" + VERSION));
        String file = artifact + "-" + VERSION;
        Files.copy(module.resolve("pom.xml"), folder.resolve(file + ".pom"), REPLACE_EXISTING);
        if (packaging.equals("jar")) {
            Files.copy(module.resolve("target/" + file + ".jar"), folder.resolve(file + ".jar"), REPLACE_EXISTING);
        }
    }
}
