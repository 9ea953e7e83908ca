// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * PostgreSQL from the distribution's package, on a free port of 127.0.0.1, with files of its own in a temporary folder. It
 * runs as an account without privileges where the test itself runs as root.
 */
final class PostgresqlServer implements AutoCloseable {

    static final String USER = "postern";
    static final String PASSWORD = "pass;w'o\\rd ?";

    private static final Path INSTALLED = Path.of("/usr/lib/postgresql");

    private final Path programs;
    private final Path folder;
    private final int port = freePort();
    private final boolean root = "root".equals(System.getProperty("user.name"));
    private Process process;
    private int databases;

    private PostgresqlServer(Path programs) throws IOException {
        this.programs = programs;
        // Not below the module: the folder has to be open to another account.
        folder = Files.createTempDirectory(Path.of("/tmp"), "spool").toRealPath();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        if (root) {
            Files.setOwner(
                    folder,
                    folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
        }
    }

    /** The folder of the newest PostgreSQL's programs; nothing if there is none. */
    static Optional<Path> programs() throws IOException {
        if (!Files.isDirectory(INSTALLED)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(INSTALLED)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("postgres")))
                    .max(Comparator.naturalOrder());
        }
    }

    static PostgresqlServer create() throws Exception {
        PostgresqlServer server = new PostgresqlServer(programs().orElseThrow());
        try {
            server.initialise();
            server.start();
            return server;
        } catch (Exception | Error notStarted) {
            server.close();
            throw notStarted;
        }
    }

    private static int freePort() {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        } catch (IOException none) {
            throw new IllegalStateException(none);
        }
    }

    private void initialise() throws Exception {
        Path password = Files.writeString(folder.resolve("password"), PASSWORD + "\n");
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-r--r--"));
        Process once = builder(List.of(
                        programs.resolve("initdb").toString(),
                        "--pgdata=" + folder + "/data",
                        "--username=" + USER,
                        "--pwfile=" + password,
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--locale=C",
                        "--no-sync"))
                .start();
        assertThat(once.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(once.exitValue()).as(log()).isZero();
    }

    /** Starts, again after {@link #kill()}. */
    void start() throws Exception {
        launch();
        // It refuses to start while the kernel has not cleared away all that a killed one used.
        Awaitility.await().atMost(Duration.ofSeconds(120)).until(() -> {
            if (!process.isAlive()) {
                launch();
            }
            return answers();
        });
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
                        "unix_socket_directories=",
                        "-c",
                        "max_connections=100"))
                .start();
    }

    private boolean answers() {
        try (Connection connection = connect("postgres")) {
            return connection.isValid(5);
        } catch (SQLException notYet) {
            return false;
        }
    }

    /** A database that nobody has used. */
    String newDatabase() throws SQLException {
        String name = "spool" + databases++;
        execute("postgres", "CREATE DATABASE " + name);
        return name;
    }

    String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    int port() {
        return port;
    }

    /** What a stanza for this database says. */
    SpoolOptions options(String database, Duration lease, int maxHeld) {
        SpoolOptions read = SpoolOptions.read(
                Map.of("url", url(database), "user", USER, "password_env", "DB_PASSWORD", "connections", "8"), "test");
        return new SpoolOptions(read.server(), read.login(), read.connections(), lease, maxHeld, read.node());
    }

    static Map<String, String> environment() {
        return Map.of("DB_PASSWORD", PASSWORD);
    }

    Connection connect(String database) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url(database));
        source.setUser(USER);
        source.setPassword(PASSWORD);
        return source.getConnection();
    }

    void execute(String database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    long count(String database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
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

    private String log() throws IOException {
        return Files.readString(folder.resolve("log"), UTF_8);
    }

    /** Ends the server as a power cut does: the first process first, so that it starts no other, and waits for all. */
    void kill() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly().onExit().join();
        children.forEach(ProcessHandle::destroyForcibly);
        children.forEach(child -> child.onExit().join());
    }

    @Override
    public void close() throws IOException {
        if (process != null) {
            kill();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
