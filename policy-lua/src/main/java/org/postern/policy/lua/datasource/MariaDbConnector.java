// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.datasource;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.mariadb.jdbc.MariaDbDataSource;

/** Connects to MySQL and MariaDB. */
final class MariaDbConnector extends Connector {

    private static final int CONNECT_SECONDS = 5;
    private static final Map<String, String> NAMES =
            Map.of("sslmode", "sslMode", "sslrootcert", "serverSslCert", "connect_timeout", "connectTimeout");

    private final Login.Source logins;
    private final MariaDbDataSource driver = new MariaDbDataSource();

    MariaDbConnector(DatasourceUri.Server uri, Login.Source logins) throws SQLException {
        this.logins = logins;
        driver.setUrl(
                "jdbc:mariadb://" + host(uri.host()) + ":" + uri.port() + "/" + uri.database() + "?" + options(uri));
    }

    private static String host(String host) {
        return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    }

    private static String options(DatasourceUri.Server uri) {
        Map<String, String> options = new TreeMap<>();
        // The server must not be able to ask for files of this machine.
        options.put("allowLocalInfile", "false");
        options.put("allowMultiQueries", "false");
        options.put("tinyInt1isBit", "false");
        options.put("tcpKeepAlive", "true");
        options.put("connectTimeout", String.valueOf(CONNECT_SECONDS * 1_000));
        uri.options()
                .forEach((name, value) ->
                        options.put(NAMES.get(name), name.equals("connect_timeout") ? value + "000" : value));
        return options.entrySet().stream()
                .map(option -> option.getKey() + "=" + URLEncoder.encode(option.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    @Override
    Connection connect() throws SQLException {
        Login login = login(logins);
        return driver.getConnection(login.user().orElse(null), login.passwordText());
    }
}
