// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postern.bench.ProcessTree;

/** A relay as it ships, in one of its lives. Used by one thread. */
public final class RelayProcess implements AutoCloseable {

    private static final Pattern LISTENS = Pattern.compile("listens on +127\\.0\\.0\\.1:([0-9]+)");
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    /** A life is short: what a compiler would do for later is in vain. */
    private static final String OPTIONS = "-XX:TieredStopAtLevel=1 -Xmx256m";

    private final Process process;
    private final Path log;

    private RelayProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts one.
     *
     * @param home the built home
     * @param folder with {@code postern.conf}; its state and the log of this life are there too
     */
    static RelayProcess start(Path home, Path folder) throws IOException {
        return start(home, folder, OPTIONS);
    }

    /** Starts one whose JVM is given these options. */
    public static RelayProcess start(Path home, Path folder, String options) throws IOException {
        return start(home, folder.resolve("postern.conf"), folder, options);
    }

    /** Starts one with a configuration that others have too. */
    static RelayProcess start(Path home, Path configuration, Path folder) throws IOException {
        return start(home, configuration, folder, OPTIONS);
    }

    private static RelayProcess start(Path home, Path configuration, Path folder, String options) throws IOException {
        Path log = folder.resolve("relay.log");
        ProcessBuilder command = new ProcessBuilder(
                        home.resolve("postern").toString(),
                        "run",
                        "-c",
                        configuration.toString(),
                        "--state",
                        folder.resolve("state").toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        command.environment().put("POSTERN_JAVA_OPTS", options);
        command.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return new RelayProcess(command.start(), log);
    }

    /** Returns when it has said this. */
    void awaitSaid(String words) throws IOException {
        await(Pattern.compile(Pattern.quote(words)));
    }

    /** Returns the port when it is ready. */
    public int awaitReady() throws IOException {
        return Integer.parseInt(await(LISTENS).group(1));
    }

    private Matcher await(Pattern pattern) throws IOException {
        long began = System.nanoTime();
        while (true) {
            boolean ended = !process.isAlive();
            Matcher said = pattern.matcher(Files.readString(log));
            if (said.find()) {
                return said;
            }
            if (ended || System.nanoTime() - began > PATIENCE.toNanos()) {
                throw new IOException("the relay does not get so far as to say \"" + pattern + "\"; see " + log);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** What the system says of it. */
    public ProcessTree processes() {
        return new ProcessTree(process.toHandle());
    }

    /** Ends it on the spot. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Asks it to end, and waits until it has. */
    public void stop() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IOException("the relay does not stop; see " + log);
        }
        if (process.exitValue() != 0) {
            throw new IOException("the relay ended with " + process.exitValue() + "; see " + log);
        }
    }

    /** Ends it on the spot, if it lives, and returns when it has gone: its files are nobody's then. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
