// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.itests.Instance.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The relay that ships, started by the script that ships, as a process of its own. */
final class RelayProcess implements AutoCloseable {

    private static final Pattern LISTENS = Pattern.compile("listens on +127\\.0\\.0\\.1:([0-9]+)");

    private final Process process;
    private final Path output;

    private RelayProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts it on this configuration; its state lies beside, unless options say otherwise. */
    static RelayProcess start(Path configuration, String... options) throws IOException {
        Path home = Path.of(System.getProperty("postern.home")).toRealPath();
        Path output = Files.createTempFile(configuration.getParent(), "run", ".log");
        List<String> command =
                new ArrayList<>(List.of(home.resolve("postern").toString(), "run", "-c", configuration.toString()));
        command.addAll(List.of(options));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return new RelayProcess(builder.start(), output);
    }

    /** Returns when the relay says that it is ready. */
    RelayProcess ready() {
        eventually(() -> !process.isAlive() || LISTENS.matcher(said()).find());
        assertThat(process.isAlive()).as(said()).isTrue();
        return this;
    }

    /** The port that it listens on; known once it is ready. */
    int port() {
        Matcher listens = LISTENS.matcher(said());
        assertThat(listens.find()).as(said()).isTrue();
        return Integer.parseInt(listens.group(1));
    }

    /** All that it printed so far. */
    String said() {
        try {
            return Files.readString(output);
        } catch (IOException unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }

    /** The number of the process. */
    long pid() {
        return process.pid();
    }

    /** Sends a signal by its name. */
    void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(kill.exitValue()).isZero();
    }

    /** Ends it on the spot, as a power cut would end its work. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    /** Waits for its end. */
    int exitCode() throws InterruptedException {
        assertThat(process.waitFor(40, TimeUnit.SECONDS)).as(said()).isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
