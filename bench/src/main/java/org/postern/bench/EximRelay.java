// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The Exim of the distribution, with folders, queue and port of its own. Its deliveries outlive the processes that took
 * the messages in, and then belong to nobody, so that part of its processor time is not counted.
 */
final class EximRelay extends StartedRelay {

    private static final String USER = "Debian-exim";

    private final Path command;
    private final SinkProcess sink;
    private final Demand demand;

    private EximRelay(Path command, Path folder, SinkProcess sink, Demand demand, String version) {
        super("Exim", version, folder, "exim.log");
        this.command = command.toAbsolutePath();
        this.sink = sink;
        this.demand = demand;
    }

    /**
     * @param command the program
     * @param folder for configuration, queue and logs; every folder above it must be open to all to pass
     * @param demand what the load asks of the configuration
     * @return empty, with a word to {@code why}, if there is no Exim that can be run
     */
    static Optional<EximRelay> find(Path command, Path folder, SinkProcess sink, Demand demand, Consumer<String> why)
            throws IOException, InterruptedException {
        if (!Files.isExecutable(command)) {
            why.accept("Exim is not installed as " + command
                    + " (apt-get install exim4-daemon-light, or --exim PATH): measuring Postern alone.");
            return Optional.empty();
        }
        if (!System.getProperty("user.name").equals("root")) {
            why.accept("Exim starts for root only: measuring Postern alone.");
            return Optional.empty();
        }
        String said = new Command(List.of(command.toString(), "-C", "/dev/null", "-bV")).output();
        String version = said.lines()
                .filter(line -> line.startsWith("Exim version"))
                .findFirst()
                .orElse("Exim");
        return Optional.of(new EximRelay(command, folder, sink, demand, version));
    }

    @Override
    ProcessBuilder prepare() throws IOException {
        UserPrincipal user =
                folder().getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER);
        for (String own : List.of("spool", "log")) {
            Files.setOwner(Files.createDirectories(folder().resolve(own)), user);
        }
        Path configuration = EximFiles.write(command, folder(), port(), sink, demand);
        return new ProcessBuilder(command.toString(), "-C", configuration.toString(), "-bdf", "-q1m");
    }
}
