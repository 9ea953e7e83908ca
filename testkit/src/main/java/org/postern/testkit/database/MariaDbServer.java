// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** MariaDB, with a database {@code mail} that tells upper from lower case. */
public final class MariaDbServer extends DatabaseServer {

    /** What to tell a reader whose test was skipped. */
    public static final String MISSING = "MariaDB is not installed (apt-get install mariadb-server)";

    private static final Path SERVER = Path.of("/usr/sbin/mariadbd");

    private MariaDbServer() throws IOException {}

    /** Whether it is installed. */
    public static boolean isInstalled() {
        return Files.isExecutable(SERVER);
    }

    /**
     * Makes one and starts it.
     *
     * @throws IOException if it does not start
     */
    public static MariaDbServer create() throws IOException, InterruptedException {
        MariaDbServer server = new MariaDbServer();
        server.begin(server::command);
        return server;
    }

    private List<String> command() throws IOException, InterruptedException {
        String data = "--datadir=" + folder() + "/data";
        run(List.of(
                "/usr/bin/mariadb-install-db",
                "--no-defaults",
                data,
                "--auth-root-authentication-method=normal",
                "--skip-test-db"));
        Path setUp = write(
                "init.sql",
                "CREATE DATABASE mail CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;\n"
                        + "CREATE USER '" + USER + "'@'%' IDENTIFIED BY '"
                        + PASSWORD.replace("\\", "\\\\").replace("'", "\\'") + "';\n"
                        + "GRANT ALL ON mail.* TO '" + USER + "'@'%';\n");
        return List.of(
                SERVER.toString(),
                "--no-defaults",
                data,
                "--bind-address=127.0.0.1",
                "--port=" + port(),
                "--socket=" + folder() + "/socket",
                "--pid-file=" + folder() + "/pid",
                "--init-file=" + setUp,
                "--skip-name-resolve",
                "--max-allowed-packet=64M",
                "--innodb-buffer-pool-size=32M",
                "--innodb-flush-log-at-trx-commit=0");
    }

    @Override
    public String url() {
        return "jdbc:mariadb://127.0.0.1:" + port() + "/mail";
    }
}
