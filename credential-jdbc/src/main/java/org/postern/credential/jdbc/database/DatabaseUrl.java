// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.jdbc.database;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where a database is. Drivers and their properties are a closed list: drivers have properties that load classes, read
 * files or run scripts.
 */
public sealed interface DatabaseUrl {

    /** What a URL may look like at all: no user and no password, which would be kept where the configuration is. */
    Pattern FORM = Pattern.compile("jdbc:(?:postgresql|mysql|mariadb|sqlite):(?!//[^/?]*@)"
            + "(?!.*[?&;][^=&]*(?i:user|passw|pwd|secret)[^=&]*=)[^\\p{Cntrl}]{1,2000}");

    /** The same in words that follow "must be". */
    String FORM_IN_WORDS = "a URL of PostgreSQL, MySQL, MariaDB or SQLite (jdbc:postgresql://HOST/DATABASE) "
            + "without a user or a password";

    /** The place for logs and errors. */
    String place();

    /**
     * An SQLite file.
     *
     * @param file absolute
     */
    record Sqlite(Path file) implements DatabaseUrl {

        @Override
        public String place() {
            return "jdbc:sqlite:" + file;
        }
    }

    /**
     * A host and its port.
     *
     * @param name name or address
     * @param port TCP port
     */
    record Host(String name, int port) {

        boolean isLocal() {
            return name.equals("localhost") || name.startsWith("127.") || name.equals("[::1]");
        }

        @Override
        public String toString() {
            return name + ":" + port;
        }
    }

    /**
     * A database server, or several for the same database.
     *
     * @param kind which
     * @param hosts in the order in which they are tried
     * @param database the database's name
     * @param properties what the driver is told, already checked
     */
    record Server(Kind kind, List<Host> hosts, String database, Map<String, String> properties) implements DatabaseUrl {

        /** Copies. */
        public Server {
            hosts = List.copyOf(hosts);
            properties = Map.copyOf(properties);
        }

        @Override
        public String place() {
            return "jdbc:" + kind.words.getFirst() + "://"
                    + hosts.stream().map(Host::toString).collect(Collectors.joining(",")) + "/" + database;
        }

        /** Whether what comes from the database may have been read or changed on its way. */
        public boolean isExposed() {
            String mode = properties.getOrDefault(kind.sslMode, "");
            return !mode.startsWith("verify") && !hosts.stream().allMatch(Host::isLocal);
        }

        /** The same in words that follow the name of the option. */
        public String exposure() {
            return "leads to " + place() + " without proof of who answers: passwords may be read or replaced on their "
                    + "way; set " + kind.sslMode + "=verify-full";
        }
    }

    /** The servers that are understood. */
    enum Kind {
        POSTGRESQL(
                List.of("postgresql"),
                5432,
                "sslmode",
                Set.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
                Set.of("sslrootcert", "sslcert", "sslkey"),
                Set.of("channelBinding", "connectTimeout", "currentSchema", "targetServerType")),
        MARIADB(
                List.of("mariadb", "mysql"),
                3306,
                "sslMode",
                Set.of("disable", "trust", "verify-ca", "verify-full"),
                Set.of("serverSslCert"),
                Set.of("connectTimeout"));

        private final List<String> words;
        private final int port;
        private final String sslMode;
        private final Set<String> sslModes;
        private final Set<String> paths;
        private final Set<String> others;

        Kind(
                List<String> words,
                int port,
                String sslMode,
                Set<String> sslModes,
                Set<String> paths,
                Set<String> others) {
            this.words = words;
            this.port = port;
            this.sslMode = sslMode;
            this.sslModes = sslModes;
            this.paths = paths;
            this.others = others;
        }

        private Set<String> names() {
            Set<String> names = new TreeSet<>(paths);
            names.addAll(others);
            names.add(sslMode);
            return names;
        }
    }

    /**
     * Reads a URL.
     *
     * @param directory where relative paths start
     * @throws IllegalArgumentException if it is not understood or not allowed; the text repeats names and no values
     */
    static DatabaseUrl read(String url, Path directory) {
        if (!FORM.matcher(url).matches()) {
            throw new IllegalArgumentException("is not " + FORM_IN_WORDS);
        }
        String driver = url.split(":", 3)[1];
        String rest = url.split(":", 3)[2];
        return Stream.of(Kind.values())
                .filter(kind -> kind.words.contains(driver))
                .findFirst()
                .map(kind -> server(kind, rest, directory))
                .orElseGet(() -> sqlite(rest, directory));
    }

    private static DatabaseUrl sqlite(String path, Path directory) {
        if (path.isBlank() || path.startsWith(":") || path.startsWith("file:") || path.indexOf('?') >= 0) {
            throw new IllegalArgumentException("sqlite takes the path of a file and nothing else");
        }
        return new Sqlite(directory.resolve(path).toAbsolutePath().normalize());
    }

    private static DatabaseUrl server(Kind kind, String rest, Path directory) {
        Matcher parts = Parts.SERVER.matcher(rest);
        if (!parts.matches()) {
            throw new IllegalArgumentException("has another form than jdbc:" + kind.words.getFirst()
                    + "://HOST:PORT,HOST:PORT/DATABASE?PROPERTY=VALUE");
        }
        List<Host> hosts = new ArrayList<>();
        for (String host : parts.group(1).split(",", -1)) {
            hosts.add(host(kind, host));
        }
        return new Server(kind, hosts, parts.group(2), properties(kind, parts.group(3), directory));
    }

    private static Host host(Kind kind, String text) {
        Matcher parts = Parts.HOST.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("has a host that is neither a name nor an address");
        }
        return new Host(
                parts.group(1), parts.group(2) == null ? kind.port : number(parts.group(2), "a port", 1, 65_535));
    }

    private static Map<String, String> properties(Kind kind, String query, Path directory) {
        Map<String, String> properties = new TreeMap<>();
        for (String pair : query == null || query.isEmpty() ? new String[0] : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String given = equals < 0 ? pair : pair.substring(0, equals);
            String name = kind.names().stream()
                    .filter(known -> known.equalsIgnoreCase(given))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("has a property "
                            + (Parts.NAME.matcher(given).matches() ? given : "of odd form") + " that is not taken; "
                            + "taken are " + String.join(", ", kind.names())));
            String value = decoded(name, equals < 0 ? "" : pair.substring(equals + 1));
            if (properties.put(
                            name,
                            kind.paths.contains(name) ? directory.resolve(value).toString() : value)
                    != null) {
                throw new IllegalArgumentException("has the property " + name + " twice");
            }
        }
        String mode = properties.get(kind.sslMode);
        if (mode != null && !kind.sslModes.contains(mode)) {
            throw new IllegalArgumentException(
                    "has an " + kind.sslMode + " that is none of " + String.join(", ", new TreeSet<>(kind.sslModes)));
        }
        if (properties.containsKey("connectTimeout")) {
            number(properties.get("connectTimeout"), "connectTimeout", 1, 60_000);
        }
        return properties;
    }

    private static String decoded(String name, String value) {
        String decoded;
        try {
            decoded = URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException broken) {
            throw new IllegalArgumentException("has a property " + name + " with a % that encodes nothing");
        }
        if (decoded.isEmpty() || decoded.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "has a property " + name + " without a value, or with a control character");
        }
        return decoded;
    }

    private static int number(String text, String what, int least, int most) {
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // The same answer as for a number out of bounds.
        }
        throw new IllegalArgumentException("has " + what + " that is not a number from " + least + " to " + most);
    }

    /** The forms of the parts. */
    final class Parts {

        private static final Pattern SERVER = Pattern.compile("//([^/?@]*)/([\\p{L}\\p{N}_$.-]{1,64})(?:\\?(.*))?");
        private static final Pattern HOST =
                Pattern.compile("([A-Za-z0-9._-]{1,255}|\\[[0-9A-Fa-f:.]+])(?::([0-9]{1,5}))?");
        private static final Pattern NAME = Pattern.compile("[A-Za-z]{1,40}");

        private Parts() {}
    }
}
