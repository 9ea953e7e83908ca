// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A database server from the distribution's package, on a free port of 127.0.0.1, with files of its own in a temporary folder. It
 * runs as an account without privileges where the test itself runs as root, and flushes nothing to the disk: it is safe from its own
 * end, not from the machine's. Its driver has to be on the class path.
 *
 * <p>Used by one thread.
 */
public abstract class DatabaseServer implements AutoCloseable {

    /** The account that may do everything. */
    public static final String USER = "postern";

    /** Its password, with what has to be quoted somewhere. */
    public static final String PASSWORD = "pass;w'o\\rd ?";

    private static final long PATIENCE_SECONDS = 120;
    private static final long LOOK_MILLIS = 50;
    private static final int VALID_SECONDS = 5;

    private final Path folder;
    private final int port;
    private final boolean root =
            ProcessHandle.current().info().user().filter("root"::equals).isPresent();
    private List<String> command = List.of();
    private Process process;

    /** What a server does before its first start, and the command that starts it. */
    interface Preparation {
        List<String> command() throws IOException, InterruptedException;
    }

    DatabaseServer() throws IOException {
        // Not below the module: the folder has to be open to another account.
        folder = Files.createTempDirectory(Path.of("/tmp"), "db").toRealPath();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        if (root) {
            give(folder);
        }
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
    }

    private static void give(Path file) throws IOException {
        Files.setOwner(
                file, file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
    }

    /** Makes it and starts it; what is left of one that does not start is removed. */
    final void begin(Preparation preparation) throws IOException, InterruptedException {
        try {
            command = preparation.command();
            start();
        } catch (IOException | InterruptedException | RuntimeException notStarted) {
            close();
            throw notStarted;
        }
    }

    /** The folder of its files. */
    final Path folder() {
        return folder;
    }

    /** Writes a file that the server's account may read. */
    final Path write(String name, String content) throws IOException {
        Path file = Files.writeString(folder.resolve(name), content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        return file;
    }

    /** An empty file that the server's account alone may read. */
    final Path ownFile(String name) throws IOException {
        Path file = Files.createFile(
                folder.resolve(name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        if (root) {
            give(file);
        }
        return file;
    }

    /** Where it is reached. */
    public abstract String url();

    /** Its port of 127.0.0.1. */
    public final int port() {
        return port;
    }

    /**
     * A connection that may do everything.
     *
     * @throws SQLException if the server does not answer
     */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url(), USER, PASSWORD);
    }

    /**
     * Starts, again after {@link #kill()}; returns when it answers.
     *
     * @throws IOException with its log, if it does not within two minutes
     */
    public final void start() throws IOException, InterruptedException {
        process = builder(command).start();
        long began = System.nanoTime();
        while (!answers()) {
            if (System.nanoTime() - began > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
                throw new IOException("it does not start: " + log());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
            // PostgreSQL refuses to start while the kernel has not cleared away all that a killed one used.
            if (!process.isAlive()) {
                process = builder(command).start();
            }
        }
    }

    private boolean answers() {
        try (Connection connection = connect()) {
            return connection.isValid(VALID_SECONDS);
        } catch (SQLException notYet) {
            return false;
        }
    }

    private ProcessBuilder builder(List<String> of) {
        List<String> whole = new ArrayList<>();
        if (root) {
            whole.addAll(List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"));
        }
        whole.addAll(of);
        ProcessBuilder builder = new ProcessBuilder(whole)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()));
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("TMPDIR", folder.toString());
        return builder;
    }

    /** Runs a command of the server's package to its end. */
    final void run(List<String> of) throws IOException, InterruptedException {
        Process once = builder(of).start();
        if (!once.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || once.exitValue() != 0) {
            once.destroyForcibly();
            throw new IOException(of.getFirst() + " failed: " + log());
        }
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("log"));
    }

    /** Freezes the server: connections stay, and nothing answers. */
    public final void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** Lets a frozen server go on. */
    public final void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        if (signal(name, process.toHandle()) != 0) {
            throw new IOException("no signal " + name + " to process " + process.pid());
        }
        for (ProcessHandle child : process.descendants().toList()) {
            // One that has just ended needs no signal.
            signal(name, child);
        }
    }

    private static int signal(String name, ProcessHandle to) throws IOException, InterruptedException {
        return new ProcessBuilder("kill", "-" + name, String.valueOf(to.pid()))
                .start()
                .waitFor();
    }

    /** Ends the server as a power cut does: the first process first, so that it starts no other, and waits for all. */
    public final void kill() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly().onExit().join();
        children.forEach(ProcessHandle::destroyForcibly);
        children.forEach(child -> child.onExit().join());
    }

    /** Ends it and removes its files. */
    @Override
    public final void close() {
        if (process != null) {
            kill();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException left) {
            throw new UncheckedIOException(left);
        }
    }
}
