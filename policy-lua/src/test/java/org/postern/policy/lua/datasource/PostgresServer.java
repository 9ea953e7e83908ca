// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.datasource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;

/** PostgreSQL as Debian packages it. */
final class PostgresServer extends ServerProcess {

    private static final Path VERSIONS = Path.of("/usr/lib/postgresql");

    private PostgresServer() throws IOException {}

    /** The folder of the newest version's programs; nothing if there is none. */
    static Optional<Path> programs() throws IOException {
        if (!Files.isDirectory(VERSIONS)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(VERSIONS)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("postgres")))
                    .max(Comparator.naturalOrder());
        }
    }

    static PostgresServer start() throws Exception {
        Path programs = programs().orElseThrow();
        PostgresServer server = new PostgresServer();
        try {
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
            server.launch(List.of(
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
                    "fsync=off"));
            return server;
        } catch (Exception | Error notStarted) {
            server.close();
            throw notStarted;
        }
    }

    String uri() {
        return "pgsql:host=127.0.0.1;port=" + port + ";dbname=postgres;user=" + USER + ";password=" + quotedPassword();
    }

    @Override
    boolean answers() {
        PGSimpleDataSource direct = new PGSimpleDataSource();
        direct.setServerNames(new String[] {"127.0.0.1"});
        direct.setPortNumbers(new int[] {port});
        direct.setDatabaseName("postgres");
        try (Connection connection = direct.getConnection(USER, PASSWORD)) {
            return connection.isValid(5);
        } catch (SQLException notYet) {
            return false;
        }
    }
}
