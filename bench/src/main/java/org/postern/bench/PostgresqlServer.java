// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * PostgreSQL from the distribution's package, as it comes but for its port, with files of its own. It flushes what it commits.
 * It runs as an account without privileges where this process is root's. Used by one thread.
 */
public final class PostgresqlServer implements AutoCloseable {

    private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
    private static final String USER = "postern";
    private static final String CLUSTER_KEY = "a key that all relays of a test have";
    private static final String PASSWORD = "password-of-the-database";
    private static final long PATIENCE_SECONDS = 120;
    private static final long LOOK_MILLIS = 50;

    private final Path programs;
    private final Path folder;
    private final int port;
    private final boolean root = "root".equals(System.getProperty("user.name"));
    private Process process;

    private PostgresqlServer(Path programs) throws IOException {
        this.programs = programs;
        this.port = Ports.free();
        // Not below the checkout: the folder has to be open to another account.
        this.folder = Files.createTempDirectory(Path.of("/var/tmp"), "postern-postgresql");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        if (root) {
            Files.setOwner(
                    folder,
                    folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
        }
    }

    /** Whether it is installed. */
    public static boolean isInstalled() throws IOException {
        return Files.isDirectory(INSTALLED) && programs().findAny().isPresent();
    }

    private static Stream<Path> programs() throws IOException {
        try (Stream<Path> versions = Files.list(INSTALLED)) {
            return versions
                    .map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("postgres")))
                    .toList()
                    .stream();
        }
    }

    /**
     * Makes one and starts it.
     *
     * @throws IOException with what to do, if it is not installed
     */
    public static PostgresqlServer create() throws IOException, InterruptedException {
        if (!isInstalled()) {
            throw new IOException("PostgreSQL is not installed (apt-get install postgresql)");
        }
        PostgresqlServer server =
                new PostgresqlServer(programs().max(Comparator.naturalOrder()).orElseThrow());
        try {
            server.initialise();
            server.start();
            return server;
        } catch (IOException | InterruptedException | RuntimeException failure) {
            server.close();
            throw failure;
        }
    }

    private void initialise() throws IOException, InterruptedException {
        Path password = Files.writeString(folder.resolve("password"), PASSWORD + "\n");
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-r--r--"));
        Process once = builder(List.of(
                        programs.resolve("initdb").toString(),
                        "--pgdata=" + folder + "/data",
                        "--username=" + USER,
                        "--pwfile=" + password,
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--locale=C"))
                .start();
        if (!once.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || once.exitValue() != 0) {
            throw new IOException("initdb failed: " + Files.readString(folder.resolve("log")));
        }
    }

    /** Starts, again after {@link #kill}; returns when it answers. */
    public void start() throws IOException, InterruptedException {
        launch();
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!isReady()) {
            if (System.nanoTime() - until > 0) {
                throw new IOException("PostgreSQL does not start: " + Files.readString(folder.resolve("log")));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
            // It refuses to start while the kernel has not cleared away all that a killed one used.
            if (!process.isAlive()) {
                launch();
            }
        }
    }

    private void launch() throws IOException {
        process = builder(List.of(
                        programs.resolve("postgres").toString(),
                        "-D",
                        folder + "/data",
                        "-p",
                        String.valueOf(port),
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "unix_socket_directories="))
                .start();
    }

    private boolean isReady() throws IOException, InterruptedException {
        return new ProcessBuilder(
                                programs.resolve("pg_isready").toString(),
                                "-q",
                                "-h",
                                "127.0.0.1",
                                "-p",
                                String.valueOf(port))
                        .start()
                        .waitFor()
                == 0;
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
        return builder;
    }

    /**
     * The stanza that makes a relay share this database.
     *
     * @param beside where the file with the password goes
     * @param leaseSeconds after how long others take over from a relay
     */
    public String stanza(Path beside, int leaseSeconds) throws IOException {
        Path password = secret(beside.resolve("database-password"), PASSWORD);
        Path key = secret(beside.resolve("cluster-key"), CLUSTER_KEY);
        return """
                Spool_PostgreSQL {
                  URL = "jdbc:postgresql://127.0.0.1:%d/postgres"
                  User = "%s"
                  Password_File = "%s"
                  Cluster_Key_File = "%s"
                  Lease = %d
                }
                """.formatted(port, USER, password, key, leaseSeconds);
    }

    private static Path secret(Path file, String line) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, line + "\n");
    }

    /** Its processes. */
    ProcessTree processes() {
        return new ProcessTree(process.toHandle());
    }

    /** Ends it on the spot, all its processes. */
    public void kill() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        process.onExit().join();
        children.forEach(child -> child.onExit().join());
    }

    @Override
    public void close() throws IOException {
        if (process != null) {
            kill();
        }
        Folders.delete(folder);
    }
}
