// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.jdbc;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Calendar;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.postern.credential.jdbc.database.DatabaseException;
import org.postern.spi.credential.Octets;
import org.postern.spi.credential.Secret;
import org.postern.spi.text.Printable;

/**
 * Makes an account of the one row that the query may return.
 *
 * <p>Threading: safe for several threads.
 */
final class AccountReader {

    /** Octets that a value may have. */
    static final int LARGEST = 64 * 1024;

    /** Rows to fetch: the second one only shows that the query is wrong. */
    static final int ROWS = 2;

    private static final int LONGEST_VERSION = 100;
    private static final String HMAC = "HmacSHA256";
    private static final Set<String> COLUMNS = Set.of(
            "expires",
            "hosts",
            "key",
            "mechanism",
            "next_password",
            "password",
            "since",
            "user",
            "username",
            "version");
    private static final Pattern MECHANISM = Pattern.compile("[A-Za-z0-9_-]{1,20}");
    private static final Pattern BLANKS = Pattern.compile("[\\s,]+");
    private static final Pattern SECONDS = Pattern.compile("-?[0-9]{1,12}");

    private final SecretKeySpec printing;

    AccountReader() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        printing = new SecretKeySpec(key, HMAC);
        Arrays.fill(key, (byte) 0);
    }

    /** A value cannot be used. Thrown within the reader, which says so to its caller. */
    private static final class UselessException extends Exception {

        private static final long serialVersionUID = 1L;

        UselessException(String reason) {
            super(reason);
        }
    }

    /**
     * Reads the answer.
     *
     * @param key what was asked for
     * @throws DatabaseException if the query returns columns that mean nothing here, or lacks the password
     */
    Answer read(String key, ResultSet rows, boolean utf8) throws SQLException, DatabaseException {
        Row row = new Row(rows, utf8);
        if (!rows.next()) {
            return new Answer.NoRow();
        }
        Answer answer = account(key, row);
        if (!rows.next()) {
            return answer;
        }
        if (answer instanceof Answer.Account account) {
            account.close();
        }
        return new Answer.Useless("has more than one row; the query has to find one at most");
    }

    private Answer account(String key, Row row) throws SQLException {
        Optional<Answer.Marked> current = Optional.empty();
        try {
            Optional<String> named = row.text("key");
            if (named.isPresent() && !named.get().equals(key)) {
                // Many databases compare without regard to case or blanks at the end.
                return new Answer.Useless(
                        "is " + Printable.quoted(named.get()) + " in the table, which is not the same");
            }
            String user = row.text("user").orElse("");
            current = marked(row, "password", user);
            if (current.isEmpty()) {
                return new Answer.Useless("has no password: the column is NULL");
            }
            return new Answer.Account(
                    user,
                    current.get(),
                    marked(row, "next_password", user),
                    mechanism(row),
                    hosts(row),
                    version(row),
                    row.instant("since"),
                    row.instant("expires"));
        } catch (UselessException useless) {
            current.ifPresent(marked -> marked.secret().close());
            return new Answer.Useless(useless.getMessage());
        }
    }

    private Optional<Answer.Marked> marked(Row row, String column, String user) throws SQLException, UselessException {
        Optional<byte[]> octets = row.octets(column);
        if (octets.isEmpty()) {
            return Optional.empty();
        }
        try {
            if (octets.get().length == 0) {
                throw new UselessException("has an empty " + column);
            }
            return Optional.of(new Answer.Marked(Secret.copyOf(octets.get()), print(user, octets.get())));
        } finally {
            Arrays.fill(octets.get(), (byte) 0);
        }
    }

    private static Optional<String> version(Row row) throws SQLException, UselessException {
        Optional<String> version = row.text("version").map(String::strip).filter(text -> !text.isEmpty());
        if (version.isPresent() && version.get().length() > LONGEST_VERSION) {
            throw new UselessException("has a version of more than " + LONGEST_VERSION + " characters");
        }
        return version.map(Printable::of);
    }

    private static Optional<String> mechanism(Row row) throws SQLException, UselessException {
        Optional<String> mechanism = row.text("mechanism").map(String::strip).filter(name -> !name.isEmpty());
        if (mechanism.isPresent() && !MECHANISM.matcher(mechanism.get()).matches()) {
            throw new UselessException("has a mechanism that none can be called");
        }
        return mechanism;
    }

    private static Set<String> hosts(Row row) throws SQLException, UselessException {
        return row.text("hosts").stream()
                .flatMap(BLANKS::splitAsStream)
                .filter(host -> !host.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    private Octets print(String user, byte[] password) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(printing);
            mac.update(user.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return Octets.wrap(mac.doFinal(password));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java runtime has " + HMAC, missing);
        }
    }

    /** The columns of the row that the result stands at, by what they mean. */
    private static final class Row {

        private final ResultSet rows;
        private final boolean utf8;
        private final Map<String, Integer> columns = new HashMap<>();

        Row(ResultSet rows, boolean utf8) throws SQLException, DatabaseException {
            this.rows = rows;
            this.utf8 = utf8;
            ResultSetMetaData meta = rows.getMetaData();
            Set<String> odd = new TreeSet<>();
            Set<String> twice = new HashSet<>();
            for (int i = 1; i <= meta.getColumnCount(); i++) {
                String label = meta.getColumnLabel(i).toLowerCase(Locale.ROOT);
                String name = label.equals("username") ? "user" : label;
                if (!COLUMNS.contains(label)) {
                    odd.add(Printable.quoted(label));
                } else if (columns.put(name, i) != null) {
                    twice.add(name);
                }
            }
            if (!odd.isEmpty()) {
                throw new DatabaseException("the query returns the columns " + String.join(", ", odd)
                        + ", which mean nothing here; name columns by AS: "
                        + String.join(", ", new TreeSet<>(COLUMNS)));
            }
            if (!twice.isEmpty()) {
                throw new DatabaseException("the query returns two columns for " + String.join(", ", twice));
            }
            if (!columns.containsKey("password")) {
                throw new DatabaseException("the query returns no column \"password\"; name one by AS password");
            }
        }

        /** A value as octets of UTF-8 on one line; nothing for NULL or where there is no such column. */
        Optional<byte[]> octets(String column) throws SQLException, UselessException {
            Integer index = columns.get(column);
            byte[] octets = index == null ? null : raw(index);
            if (octets == null) {
                return Optional.empty();
            }
            try {
                check(column, octets);
            } catch (UselessException useless) {
                Arrays.fill(octets, (byte) 0);
                throw useless;
            }
            return Optional.of(octets);
        }

        private byte[] raw(int index) throws SQLException {
            if (utf8) {
                return rows.getBytes(index);
            }
            return switch (rows.getObject(index)) {
                case null -> null;
                case byte[] octets -> octets;
                case java.sql.Blob blob -> rows.getBytes(index);
                case Object other -> rows.getString(index).getBytes(StandardCharsets.UTF_8);
            };
        }

        private static void check(String column, byte[] octets) throws UselessException {
            if (octets.length > LARGEST) {
                throw new UselessException("has a " + column + " of more than " + LARGEST + " octets");
            }
            for (byte octet : octets) {
                if (octet == 0 || octet == '\r' || octet == '\n') {
                    throw new UselessException("has a " + column + " with a NUL or a line end in it");
                }
            }
            try {
                CharBuffer decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets));
                boolean replaced = decoded.chars().anyMatch(c -> c == '\ufffd');
                Arrays.fill(decoded.array(), '\0');
                if (replaced) {
                    throw new UselessException(
                            "has a " + column + " with a character in it that somebody could not convert (U+FFFD)");
                }
            } catch (CharacterCodingException notText) {
                throw new UselessException("has a " + column
                        + " that is not UTF-8: does the table or the database say the right character set?");
            }
        }

        Optional<String> text(String column) throws SQLException, UselessException {
            return octets(column).map(octets -> new String(octets, StandardCharsets.UTF_8));
        }

        /** A time: of a column of that type, in ISO 8601, or as seconds since 1970; without a zone it is UTC. */
        Optional<Instant> instant(String column) throws SQLException, UselessException {
            Integer index = columns.get(column);
            if (index == null) {
                return Optional.empty();
            }
            if (rows.getObject(index) instanceof Timestamp) {
                return Optional.of(
                        rows.getTimestamp(index, Calendar.getInstance(TimeZone.getTimeZone("UTC"), Locale.ROOT))
                                .toInstant());
            }
            Optional<String> text = text(column).map(String::strip).filter(value -> !value.isEmpty());
            return text.isEmpty() ? Optional.empty() : Optional.of(instant(column, text.get()));
        }

        private static Instant instant(String column, String text) throws UselessException {
            try {
                if (SECONDS.matcher(text).matches()) {
                    return Instant.ofEpochSecond(Long.parseLong(text));
                }
                String iso = text.replace(' ', 'T');
                return iso.matches(".*(Z|[+-][0-9:]{2,})$") && iso.length() > 19
                        ? OffsetDateTime.parse(iso).toInstant()
                        : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
            } catch (DateTimeException unreadable) {
                throw new UselessException("has a time in the column " + column + " that cannot be read");
            }
        }
    }
}
