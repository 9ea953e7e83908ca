// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.jdbc.database;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/** Connects to MariaDB and MySQL by MariaDB's driver, which does not come with Postern and is looked for when needed. */
public final class MariaDbConnector extends Connector {

    /** The class of the driver that is made of a URL. */
    static final String DRIVER = "org.mariadb.jdbc.MariaDbDataSource";

    private static final String CONNECT_MILLIS = "3000";

    private final DatabaseUrl.Server url;
    private final Login.Source logins;
    private final Drivers drivers;
    private final String driversUrl;

    /** Where drivers are that this bundle does not import. */
    public interface Drivers {

        /** @throws ClassNotFoundException if the driver is not installed */
        Class<?> find(String name) throws ClassNotFoundException;
    }

    MariaDbConnector(DatabaseUrl.Server url, Login.Source logins, Drivers drivers) {
        this.url = url;
        this.logins = logins;
        this.drivers = drivers;
        this.driversUrl = "jdbc:mariadb:" + (url.hosts().size() > 1 ? "sequential:" : "") + "//"
                + url.hosts().stream().map(DatabaseUrl.Host::toString).collect(Collectors.joining(","))
                + "/" + url.database() + "?" + properties(url);
    }

    private static String properties(DatabaseUrl.Server url) {
        Map<String, String> properties = new TreeMap<>();
        // The server must not be able to ask for files of this machine.
        properties.put("allowLocalInfile", "false");
        properties.put("allowMultiQueries", "false");
        properties.put("tcpKeepAlive", "true");
        properties.put("connectTimeout", CONNECT_MILLIS);
        properties.putAll(url.properties());
        return properties.entrySet().stream()
                .map(one -> one.getKey() + "=" + URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    @Override
    Connection connect() throws SQLException {
        try (Login login = login(logins)) {
            return driver().getConnection(login.user().orElse(null), login.passwordText());
        }
    }

    private DataSource driver() throws SQLException {
        try {
            return (DataSource)
                    drivers.find(DRIVER).getConstructor(String.class).newInstance(driversUrl);
        } catch (ClassNotFoundException absent) {
            throw new SQLException("the driver is not installed: put mariadb-java-client into the drop folder");
        } catch (ReflectiveOperationException | ClassCastException other) {
            throw new SQLException("the driver is not the one that is wanted: " + other);
        }
    }

    @Override
    String place() {
        return url.place();
    }
}
