// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The Postfix of the distribution, with folders, queue and ports of its own. An instance of the machine is not touched. */
final class PostfixRelay extends StartedRelay {

    private final SinkProcess sink;
    private final Demand demand;
    private final Path master;

    private PostfixRelay(Path folder, SinkProcess sink, Demand demand, String version, Path master) {
        super("Postfix", version, folder, "postfix.log");
        this.sink = sink;
        this.demand = demand;
        this.master = master;
    }

    /**
     * @param folder for configuration, queue and data; every folder above it must be open to all to pass
     * @param demand what the load asks of the configuration
     * @return empty, with a word to {@code why}, if there is no Postfix that can be run
     */
    static Optional<PostfixRelay> find(Path folder, SinkProcess sink, Demand demand, Consumer<String> why)
            throws IOException, InterruptedException {
        if (!Files.isExecutable(Path.of("/usr/sbin/postconf"))) {
            why.accept("Postfix is not installed (apt-get install postfix libsasl2-modules): measuring Postern alone.");
            return Optional.empty();
        }
        if (!System.getProperty("user.name").equals("root")) {
            why.accept("Postfix starts for root only: measuring Postern alone.");
            return Optional.empty();
        }
        String version = new Command(List.of("/usr/sbin/postconf", "-dh", "mail_version")).output();
        String daemons = new Command(List.of("/usr/sbin/postconf", "-dh", "daemon_directory")).output();
        return Optional.of(new PostfixRelay(folder, sink, demand, "Postfix " + version, Path.of(daemons, "master")));
    }

    private Path etc() {
        return folder().resolve("etc");
    }

    @Override
    ProcessBuilder prepare() throws IOException, InterruptedException {
        Files.createDirectories(etc());
        Files.createDirectories(folder().resolve("queue"));
        Path data = Files.createDirectories(folder().resolve("data"));
        Files.setOwner(
                data, data.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postfix"));
        PostfixFiles.write(folder(), etc(), port(), sink, demand);
        new Command(List.of("/usr/sbin/postfix", "-c", etc().toString(), "check")).output();
        return new ProcessBuilder(master.toString(), "-c", etc().toString(), "-d");
    }
}
