// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.datasource;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * Connects to MySQL and MariaDB. The driver may come later than this bundle, so that it is not imported but looked for
 * whenever a connection is wanted.
 */
final class MariaDbConnector extends Connector {

    /** The class of the driver, a {@link DataSource} that is made of a URL. */
    static final String DRIVER = "org.mariadb.jdbc.MariaDbDataSource";

    private static final String CONNECT_MILLIS = "5000";
    private static final Map<String, String> NAMES =
            Map.of("sslmode", "sslMode", "sslrootcert", "serverSslCert", "connect_timeout", "connectTimeout");

    private final Login.Source logins;
    private final Drivers drivers;
    private final String url;

    /** Where drivers are that this bundle does not import. */
    interface Drivers {

        /** @throws ClassNotFoundException if the driver is not installed */
        Class<?> find(String name) throws ClassNotFoundException;
    }

    MariaDbConnector(DatasourceUri.Server uri, Login.Source logins, Drivers drivers) {
        this.logins = logins;
        this.drivers = drivers;
        this.url = "jdbc:mariadb://" + host(uri.host()) + ":" + uri.port() + "/" + uri.database() + "?" + options(uri);
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
        options.put("connectTimeout", CONNECT_MILLIS);
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
        return driver().getConnection(login.user().orElse(null), login.passwordText());
    }

    private DataSource driver() throws SQLException {
        try {
            return (DataSource)
                    drivers.find(DRIVER).getConstructor(String.class).newInstance(url);
        } catch (ClassNotFoundException absent) {
            throw new SQLException("the driver is not installed: put mariadb-java-client into the drop folder");
        } catch (ReflectiveOperationException | ClassCastException other) {
            throw new SQLException("the driver is not the one that is wanted: " + other);
        }
    }
}
