// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.datasource;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.postern.spi.credential.Secret;

/** Where a database is. What may stand in a URI is a closed list: drivers have options that run code or read files. */
sealed interface DatasourceUri {

    /** The place without the password, for logs and errors. */
    String place();

    /**
     * An SQLite file.
     *
     * @param file absolute
     */
    record Sqlite(Path file) implements DatasourceUri {

        @Override
        public String place() {
            return "sqlite:" + file;
        }
    }

    /**
     * A database server.
     *
     * @param kind which
     * @param host name or address
     * @param port TCP port
     * @param database the database's name
     * @param user the account, if the URI names one
     * @param password its password, if the URI holds one
     * @param options the rest, already checked, such as {@code sslmode}
     */
    record Server(
            Kind kind,
            String host,
            int port,
            String database,
            Optional<String> user,
            Optional<Secret> password,
            Map<String, String> options)
            implements DatasourceUri {

        /** @throws NullPointerException if a part is missing */
        public Server {
            Objects.requireNonNull(kind, "kind");
            options = Map.copyOf(options);
        }

        @Override
        public String place() {
            return kind.prefix() + ":host=" + host + ";port=" + port + ";dbname=" + database;
        }
    }

    /** The servers that are understood. */
    enum Kind {
        POSTGRESQL("pgsql", 5432, Set.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full")),
        MYSQL("mysql", 3306, Set.of("disable", "trust", "verify-ca", "verify-full"));

        private final String prefix;
        private final int port;
        private final Set<String> sslModes;

        Kind(String prefix, int port, Set<String> sslModes) {
            this.prefix = prefix;
            this.port = port;
            this.sslModes = sslModes;
        }

        String prefix() {
            return prefix;
        }
    }

    Set<String> OPTIONS =
            Set.of("host", "port", "dbname", "user", "password", "sslmode", "sslrootcert", "connect_timeout");
    Set<String> KNOWN_ELSEWHERE = Set.of("odbc", "ldap", "ldaps", "csv", "cdb", "iowrapper", "digest");
    Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+|\\[?[0-9A-Fa-f:.]+]?");
    Pattern DATABASE = Pattern.compile("[\\p{L}\\p{N}_$.-]+");

    /**
     * Reads a URI.
     *
     * @param directory where relative paths start
     * @throws IllegalArgumentException if it is not understood; the message never holds a value that may be a password
     */
    static DatasourceUri read(String uri, Path directory) {
        int colon = uri.indexOf(':');
        String driver = colon < 0 ? "" : uri.substring(0, colon).strip().toLowerCase(Locale.ROOT);
        String rest = uri.substring(colon + 1);
        for (Kind kind : Kind.values()) {
            if (kind.prefix.equals(driver)) {
                return server(kind, ConnectionString.read(rest));
            }
        }
        if (driver.equals("sqlite")) {
            return sqlite(rest.strip(), directory);
        }
        throw new IllegalArgumentException(
                KNOWN_ELSEWHERE.contains(driver)
                        ? "the driver " + driver + " is known to Momentum and not offered here; there are "
                                + "sqlite, pgsql and mysql"
                        : "a uri begins with sqlite:, pgsql: or mysql:");
    }

    private static DatasourceUri sqlite(String path, Path directory) {
        if (path.isEmpty() || path.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("sqlite: wants the path of a file");
        }
        if (path.indexOf('?') >= 0) {
            throw new IllegalArgumentException("sqlite: takes a path alone, without options behind a question mark");
        }
        return new Sqlite(directory.resolve(path).toAbsolutePath().normalize());
    }

    private static DatasourceUri server(Kind kind, Map<String, String> pairs) {
        Set<String> unknown = new TreeSet<>(pairs.keySet());
        unknown.removeAll(OPTIONS);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(kind.prefix + ": does not take "
                    + String.join(", ", unknown)
                    + "; it takes "
                    + OPTIONS.stream().sorted().collect(Collectors.joining(", ")));
        }
        Map<String, String> options = pairs.entrySet().stream()
                .filter(pair ->
                        Set.of("sslmode", "sslrootcert", "connect_timeout").contains(pair.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        checkSslMode(kind, Optional.ofNullable(options.get("sslmode")));
        number(options.getOrDefault("connect_timeout", "1"), "connect_timeout", 1, 60);
        return new Server(
                kind,
                matching(HOST, pairs.getOrDefault("host", "localhost"), "host is a name or an address"),
                number(pairs.getOrDefault("port", String.valueOf(kind.port)), "port", 1, 65_535),
                matching(DATABASE, pairs.getOrDefault("dbname", ""), "dbname is the name of a database"),
                Optional.ofNullable(pairs.get("user")),
                Optional.ofNullable(pairs.get("password")).map(Secret::of),
                options);
    }

    private static void checkSslMode(Kind kind, Optional<String> mode) {
        if (mode.filter(name -> !kind.sslModes.contains(name)).isPresent()) {
            throw new IllegalArgumentException("sslmode of " + kind.prefix + ": is one of "
                    + kind.sslModes.stream().sorted().collect(Collectors.joining(", ")));
        }
    }

    private static int number(String text, String name, int least, int most) {
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // The same answer as for a number out of bounds.
        }
        throw new IllegalArgumentException(name + " must be a number from " + least + " to " + most);
    }

    private static String matching(Pattern form, String text, String expectation) {
        if (!form.matcher(text).matches()) {
            throw new IllegalArgumentException(expectation);
        }
        return text;
    }
}
