// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the database is. The driver's properties are a closed list: it has some that load classes or read files.
 *
 * @param place the same without properties, for logs and errors
 * @param url for the driver
 * @param verified whether it is sure who answers: by its certificate, or since it is this machine
 */
record ServerUrl(String place, String url, boolean verified) {

    /** What it may look like at all: no user and no password, which would be kept where the configuration is. */
    static final Pattern FORM = Pattern.compile("jdbc:postgresql://(?![^/?]*@)"
            + "(?!.*[?&;][^=&]*(?i:user|passw|pwd|secret)[^=&]*=)[^\\p{Cntrl}]{1,2000}");

    /** The same in words that follow "must be". */
    static final String FORM_IN_WORDS =
            "a JDBC URL of PostgreSQL (jdbc:postgresql://HOST/DATABASE) without a user or a password";

    private static final Pattern PARTS =
            Pattern.compile("jdbc:postgresql://([A-Za-z0-9._,:\\[\\]-]+)/([^/?&#]+)(?:\\?(.*))?");
    private static final Set<String> PATHS = Set.of("sslrootcert", "sslcert", "sslkey");
    private static final Set<String> OTHERS =
            Set.of("channelBinding", "connectTimeout", "currentSchema", "sslmode", "targetServerType");
    private static final Pattern LOCAL = Pattern.compile("(localhost|127\\.[0-9.]+|\\[::1])(:[0-9]+)?");

    /**
     * Reads a URL.
     *
     * @param directory where relative paths start
     * @throws IllegalArgumentException if it is not understood or not allowed; the text repeats names and no values
     */
    static ServerUrl read(String text, Path directory) {
        Matcher parts = PARTS.matcher(text);
        if (!FORM.matcher(text).matches() || !parts.matches()) {
            throw new IllegalArgumentException("is not " + FORM_IN_WORDS);
        }
        String place = "jdbc:postgresql://" + parts.group(1) + "/" + parts.group(2);
        List<String> properties = new ArrayList<>();
        boolean verified = List.of(parts.group(1).split(",")).stream()
                .allMatch(host -> LOCAL.matcher(host).matches());
        for (String pair :
                parts.group(3) == null ? new String[0] : parts.group(3).split("&")) {
            String[] sides = pair.split("=", 2);
            String name = known(sides[0]);
            String value = sides.length == 1 ? "" : sides[1];
            if (value.isEmpty()) {
                throw new IllegalArgumentException("has the property " + name + " without a value");
            }
            verified |= name.equals("sslmode") && value.startsWith("verify");
            properties.add(name + "=" + (PATHS.contains(name) ? directory.resolve(value) : value));
        }
        return new ServerUrl(
                place, properties.isEmpty() ? place : place + "?" + String.join("&", properties), verified);
    }

    private static String known(String given) {
        Set<String> names = new TreeSet<>(PATHS);
        names.addAll(OTHERS);
        return names.stream()
                .filter(name -> name.toLowerCase(Locale.ROOT).equals(given.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "has a property that is not taken; taken are " + String.join(", ", names)));
    }
}
