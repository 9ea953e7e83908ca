// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.postern.peer.ServerCertificate;

/** PostgreSQL: the newest version that is installed. */
public final class PostgresqlServer extends DatabaseServer {

    /** What to tell a reader whose test was skipped. */
    public static final String MISSING = "PostgreSQL is not installed (apt-get install postgresql)";

    private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
    private static final String DATABASE = "postgres";

    private PostgresqlServer() throws IOException {}

    /** Whether it is installed. */
    public static boolean isInstalled() throws IOException {
        return programs().isPresent();
    }

    private static Optional<Path> programs() throws IOException {
        if (!Files.isDirectory(INSTALLED)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(INSTALLED)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("postgres")))
                    .max(Comparator.naturalOrder());
        }
    }

    /**
     * Makes one and starts it.
     *
     * @param settings such as {@code max_connections=20}
     * @throws IOException if it does not start
     */
    public static PostgresqlServer create(String... settings) throws IOException, InterruptedException {
        return create(Optional.empty(), settings);
    }

    /**
     * Makes one that speaks TLS and starts it.
     *
     * @param certificate what it shows
     * @param settings such as {@code max_connections=20}
     * @throws IOException if it does not start
     */
    public static PostgresqlServer create(ServerCertificate certificate, String... settings)
            throws IOException, InterruptedException {
        return create(Optional.of(certificate), settings);
    }

    private static PostgresqlServer create(Optional<ServerCertificate> certificate, String... settings)
            throws IOException, InterruptedException {
        Path programs = programs().orElseThrow(() -> new IOException(MISSING));
        PostgresqlServer server = new PostgresqlServer();
        server.begin(() -> {
            server.initialise(programs);
            List<String> all = new ArrayList<>(List.of(settings));
            if (certificate.isPresent()) {
                // One file for both, which nobody but the server's account reads: it insists on that for a key.
                Path shown = certificate.get().writePem(server.ownFile("server.pem"));
                all.addAll(List.of("ssl=on", "ssl_cert_file=" + shown, "ssl_key_file=" + shown));
            }
            return server.command(programs, all);
        });
        return server;
    }

    private void initialise(Path programs) throws IOException, InterruptedException {
        run(List.of(
                programs.resolve("initdb").toString(),
                "--pgdata=" + folder() + "/data",
                "--username=" + USER,
                "--pwfile=" + write("password", PASSWORD + "\n"),
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync"));
    }

    private List<String> command(Path programs, List<String> settings) {
        List<String> line = new ArrayList<>(List.of(
                programs.resolve("postgres").toString(), "-D", folder() + "/data", "-p", String.valueOf(port())));
        Stream.concat(
                        Stream.of("listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off"),
                        settings.stream())
                .forEach(setting -> line.addAll(List.of("-c", setting)));
        return line;
    }

    @Override
    public String url() {
        return url(DATABASE);
    }

    /** Where one of its databases is reached. */
    public String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port() + "/" + database;
    }

    @Override
    public Connection connect() throws SQLException {
        return connect(DATABASE);
    }

    /**
     * A connection to one of its databases that may do everything. A text may stand for a value of any type.
     *
     * @throws SQLException if the server does not answer
     */
    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(url(database) + "?stringtype=unspecified", USER, PASSWORD);
    }
}
