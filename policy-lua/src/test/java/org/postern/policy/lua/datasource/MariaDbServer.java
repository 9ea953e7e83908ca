// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.datasource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.mariadb.jdbc.MariaDbDataSource;

/** MariaDB as Debian packages it. */
final class MariaDbServer extends ServerProcess {

    private static final Path SERVER = Path.of("/usr/sbin/mariadbd");

    private MariaDbServer() throws IOException {}

    static boolean isInstalled() {
        return Files.isExecutable(SERVER);
    }

    static MariaDbServer start() throws Exception {
        MariaDbServer server = new MariaDbServer();
        try {
            String data = "--datadir=" + server.folder + "/data";
            server.run(List.of(
                    "/usr/bin/mariadb-install-db",
                    "--no-defaults",
                    data,
                    "--auth-root-authentication-method=normal",
                    "--skip-test-db"));
            Path setUp = Files.writeString(
                    server.folder.resolve("init.sql"),
                    "CREATE DATABASE mail CHARACTER SET utf8mb4;\n"
                            + "CREATE USER '" + USER + "'@'%' IDENTIFIED BY '"
                            + PASSWORD.replace("\\", "\\\\").replace("'", "\\'") + "';\n"
                            + "GRANT ALL ON mail.* TO '" + USER + "'@'%';\n");
            server.launch(List.of(
                    SERVER.toString(),
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
                    "--innodb-flush-log-at-trx-commit=0"));
            return server;
        } catch (Exception | Error notStarted) {
            server.close();
            throw notStarted;
        }
    }

    String uri() {
        return "mysql:host=127.0.0.1;port=" + port + ";dbname=mail;user=" + USER + ";password=" + quotedPassword();
    }

    @Override
    boolean answers() {
        try {
            MariaDbDataSource direct = new MariaDbDataSource("jdbc:mariadb://127.0.0.1:" + port + "/mail");
            try (Connection connection = direct.getConnection(USER, PASSWORD)) {
                return connection.isValid(5);
            }
        } catch (SQLException notYet) {
            return false;
        }
    }
}
