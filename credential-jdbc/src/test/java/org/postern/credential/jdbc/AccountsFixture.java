// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postern.credential.jdbc.database.MariaDbConnector;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.Lookup.Found;
import org.postern.spi.credential.Lookup.NoSuchCredential;
import org.postern.spi.credential.Lookup.StoreUnavailable;
import org.postern.spi.credential.PasswordCredential;

/** Stanzas as the configuration hands them over, and what to read out of answers. */
final class AccountsFixture {

    static final String QUERY =
            "SELECT name AS \"key\", login AS \"user\", secret AS password, mechanism, hosts, version, "
                    + "next_secret AS next_password, expires FROM accounts WHERE name = :key";
    static final String CHANGES = "SELECT name AS \"key\", version FROM accounts";
    static final MariaDbConnector.Drivers DRIVERS = Class::forName;

    private AccountsFixture() {}

    /** What opens a connection that may write. */
    interface Opening {
        Connection open() throws SQLException;
    }

    static Map<String, Object> stanza(String name, String url, String... more) {
        Map<String, Object> stanza = new HashMap<>(Map.of(
                "service.pid", AccountOptions.PID + "~" + name, "url", url, "query", QUERY, "query_timeout", "9"));
        for (int i = 0; i < more.length; i += 2) {
            stanza.put(more[i], more[i + 1]);
        }
        return stanza;
    }

    static Accounts accounts(Map<String, Object> stanza, Map<String, String> environment) {
        Accounts accounts = new Accounts(stanza, environment, DRIVERS, Clock.systemUTC());
        accounts.start();
        return accounts;
    }

    static JdbcStore store(Accounts... accounts) {
        JdbcStore store = new JdbcStore();
        List.of(accounts).forEach(store::addAccounts);
        return store;
    }

    static void execute(Opening opening, String sql, Object... parameters) throws SQLException {
        try (Connection connection = opening.open();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            statement.execute();
        }
    }

    static PasswordCredential found(Lookup lookup) {
        assertThat(lookup).isInstanceOf(Found.class);
        return (PasswordCredential) ((Found) lookup).credential();
    }

    static String password(Lookup lookup) {
        try (PasswordCredential credential = found(lookup)) {
            return credential.password().reveal(octets -> new String(octets, StandardCharsets.UTF_8));
        }
    }

    static String missing(Lookup lookup) {
        assertThat(lookup).isInstanceOf(NoSuchCredential.class);
        return ((NoSuchCredential) lookup).reason();
    }

    static String unavailable(Lookup lookup) {
        assertThat(lookup).isInstanceOf(StoreUnavailable.class);
        return ((StoreUnavailable) lookup).reason();
    }
}
