// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Haraka as npm installs it, with a process for each processor. */
final class HarakaRelay extends StartedRelay {

    /** The program that npm links beside a package, or that {@code npm install -g} puts there. */
    static final Path USUAL = Path.of("/usr/local/bin/haraka");

    private final Path command;
    private final SinkProcess sink;
    private final Demand demand;

    private HarakaRelay(Path command, Path folder, SinkProcess sink, Demand demand, String version) {
        super("Haraka", version, folder, "haraka.log");
        this.command = command.toAbsolutePath();
        this.sink = sink;
        this.demand = demand;
    }

    /**
     * @param command the program
     * @param folder for configuration, queue and logs
     * @param demand what the load asks of the configuration
     * @return empty, with a word to {@code why}, if there is no Haraka that can be run
     */
    static Optional<HarakaRelay> find(Path command, Path folder, SinkProcess sink, Demand demand, Consumer<String> why)
            throws IOException, InterruptedException {
        if (!Files.isExecutable(command)) {
            why.accept("Haraka is not installed as " + command
                    + " (npm install -g Haraka, or --haraka PATH): measuring Postern alone.");
            return Optional.empty();
        }
        String said = new Command(List.of(command.toString(), "--version")).output();
        String version = "Haraka " + said.substring(said.lastIndexOf(' ') + 1);
        return Optional.of(new HarakaRelay(command, folder, sink, demand, version));
    }

    @Override
    ProcessBuilder prepare() throws IOException, InterruptedException {
        Path home = folder().resolve("haraka").toAbsolutePath();
        new Command(List.of(command.toString(), "-i", home.toString())).output();
        HarakaFiles.write(home, port(), sink, demand);
        ProcessBuilder process = new ProcessBuilder(command.toString(), "-c", home.toString());
        sink.authority().ifPresent(file -> process.environment().put("NODE_EXTRA_CA_CERTS", file.toString()));
        return process;
    }
}
