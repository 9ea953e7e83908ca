// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.mariadb.jdbc.MariaDbDataSource;
import org.postern.peer.ServerCertificate;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A database server from Debian's packages, on a free port of 127.0.0.1, with files of its own in a temporary folder. It
 * runs as an account without privileges where the test itself runs as root.
 */
final class DatabaseServer implements AutoCloseable {

    static final String USER = "postern";
    static final String PASSWORD = "pass;w'o\\rd ?";

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Path POSTGRESQL = Path.of("/usr/lib/postgresql");
    private static final Path MARIADB = Path.of("/usr/sbin/mariadbd");

    private final Path folder;
    private final int port = freePort();
    private final boolean root = "root".equals(System.getProperty("user.name"));
    private final String url;
    private final DataSource direct;
    private List<String> command = List.of();
    private Process process;

    private DatabaseServer(boolean postgresql) throws IOException {
        // Not below the module: the folder has to be open to another account.
        folder = Files.createTempDirectory(Path.of("/tmp"), "db").toRealPath();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        if (root) {
            Files.setOwner(
                    folder,
                    folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
        }
        url = postgresql
                ? "jdbc:postgresql://127.0.0.1:" + port + "/postgres"
                : "jdbc:mysql://127.0.0.1:" + port + "/mail";
        direct = postgresql ? postgresql() : mariaDb();
    }

    private static int freePort() {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        } catch (IOException none) {
            throw new IllegalStateException(none);
        }
    }

    private DataSource postgresql() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        source.setUser(USER);
        source.setPassword(PASSWORD);
        source.setStringType("unspecified");
        return source;
    }

    private DataSource mariaDb() {
        try {
            MariaDbDataSource source = new MariaDbDataSource(url.replace("mysql", "mariadb"));
            source.setUser(USER);
            source.setPassword(PASSWORD);
            return source;
        } catch (SQLException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The folder of the newest PostgreSQL's programs; nothing if there is none. */
    static Optional<Path> postgresqlPrograms() throws IOException {
        if (!Files.isDirectory(POSTGRESQL)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(POSTGRESQL)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("postgres")))
                    .max(Comparator.naturalOrder());
        }
    }

    static boolean hasMariaDb() {
        return Files.isExecutable(MARIADB);
    }

    static DatabaseServer startPostgresql() throws Exception {
        return startPostgresql(Optional.empty());
    }

    /** @param certificate what it shows to those who want TLS; without one it speaks none */
    static DatabaseServer startPostgresql(Optional<ServerCertificate> certificate) throws Exception {
        Path programs = postgresqlPrograms().orElseThrow();
        DatabaseServer server = new DatabaseServer(true);
        return server.started(() -> {
            Path password = Files.writeString(server.folder.resolve("password"), PASSWORD + "\n");
            Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-r--r--"));
            server.run(List.of(
                    programs.resolve("initdb").toString(),
                    "--pgdata=" + server.folder + "/data",
                    "--username=" + USER,
                    "--pwfile=" + password,
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--no-sync"));
            List<String> line = new ArrayList<>(List.of(
                    programs.resolve("postgres").toString(),
                    "-D",
                    server.folder + "/data",
                    "-p",
                    String.valueOf(server.port),
                    "-c",
                    "listen_addresses=127.0.0.1",
                    "-c",
                    "unix_socket_directories=",
                    "-c",
                    "max_connections=20",
                    "-c",
                    "fsync=off"));
            if (certificate.isPresent()) {
                String shown = server.keep(certificate.get()).toString();
                line.addAll(List.of("-c", "ssl=on", "-c", "ssl_cert_file=" + shown, "-c", "ssl_key_file=" + shown));
            }
            return line;
        });
    }

    /** Certificate and key in a file that nobody but the server's account reads: PostgreSQL insists on it. */
    private Path keep(ServerCertificate certificate) throws IOException {
        Path file = certificate.writePem(
                Files.createFile(folder.resolve("server.pem"), PosixFilePermissions.asFileAttribute(OWNER_ONLY)));
        if (root) {
            Files.setOwner(file, Files.getOwner(folder));
        }
        return file;
    }

    static DatabaseServer startMariaDb() throws Exception {
        DatabaseServer server = new DatabaseServer(false);
        return server.started(() -> {
            String data = "--datadir=" + server.folder + "/data";
            server.run(List.of(
                    "/usr/bin/mariadb-install-db",
                    "--no-defaults",
                    data,
                    "--auth-root-authentication-method=normal",
                    "--skip-test-db"));
            Path setUp = Files.writeString(
                    server.folder.resolve("init.sql"),
                    "CREATE DATABASE mail CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;\n"
                            + "CREATE USER '" + USER + "'@'%' IDENTIFIED BY '"
                            + PASSWORD.replace("\\", "\\\\").replace("'", "\\'") + "';\n"
                            + "GRANT ALL ON mail.* TO '" + USER + "'@'%';\n");
            return List.of(
                    MARIADB.toString(),
                    "--no-defaults",
                    data,
                    "--bind-address=127.0.0.1",
                    "--port=" + server.port,
                    "--socket=" + server.folder + "/socket",
                    "--pid-file=" + server.folder + "/pid",
                    "--init-file=" + setUp,
                    "--skip-name-resolve",
                    "--max-allowed-packet=64M",
                    "--innodb-buffer-pool-size=32M",
                    "--innodb-flush-log-at-trx-commit=0");
        });
    }

    private interface Preparation {
        List<String> command() throws Exception;
    }

    private DatabaseServer started(Preparation preparation) throws Exception {
        try {
            command = preparation.command();
            start();
            return this;
        } catch (Exception | Error notStarted) {
            close();
            throw notStarted;
        }
    }

    /** Starts, again after {@link #kill()}. */
    void start() throws Exception {
        process = builder(command).start();
        Awaitility.await().atMost(Duration.ofSeconds(120)).until(() -> {
            assertThat(process.isAlive()).as(log()).isTrue();
            return answers();
        });
    }

    String url() {
        return url;
    }

    int port() {
        return port;
    }

    /** A connection that may do everything. */
    Connection connect() throws SQLException {
        return direct.getConnection();
    }

    private boolean answers() {
        try (Connection connection = connect()) {
            return connection.isValid(5);
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

    private void run(List<String> of) throws Exception {
        Process once = builder(of).start();
        assertThat(once.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(once.exitValue()).as(log()).isZero();
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("log"), UTF_8);
    }

    /** Freezes the server: connections stay, and nothing answers. */
    void freeze() throws Exception {
        signal("STOP");
    }

    /** Lets a frozen server go on. */
    void thaw() throws Exception {
        signal("CONT");
    }

    private void signal(String name) throws Exception {
        assertThat(signal(name, process.toHandle())).isZero();
        for (ProcessHandle child : process.descendants().toList()) {
            // One that has just ended needs no signal.
            signal(name, child);
        }
    }

    private static int signal(String name, ProcessHandle to) throws Exception {
        return new ProcessBuilder("kill", "-" + name, String.valueOf(to.pid()))
                .start()
                .waitFor();
    }

    /** Ends the server as a power cut does. */
    void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
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
