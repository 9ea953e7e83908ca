// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.jdbc;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.postern.credential.jdbc.database.Database;
import org.postern.credential.jdbc.database.DatabaseException;
import org.postern.credential.jdbc.database.NamedQuery;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks at regular times whether accounts have changed, and compares the answers. With a column {@code key} it can tell
 * which.
 */
final class ChangePoll implements Runnable {

    /** Rows that are compared; where there are more, the query has to count instead of listing. */
    static final int MOST = 100_000;

    private static final Logger LOG = LoggerFactory.getLogger(ChangePoll.class);
    private static final String KEY = "key";

    private final String name;
    private final NamedQuery query;
    private final Duration interval;
    private final Database database;
    private final Consumer<ChangeWatch.Change> news;
    private final CountDownLatch closing;
    private Optional<Map<String, Long>> before = Optional.empty();
    private boolean failing;

    ChangePoll(
            String name,
            NamedQuery query,
            Duration interval,
            Database database,
            Consumer<ChangeWatch.Change> news,
            CountDownLatch closing) {
        this.name = name;
        this.query = query;
        this.interval = interval;
        this.database = database;
        this.news = news;
        this.closing = closing;
    }

    @Override
    public void run() {
        try {
            do {
                look();
            } while (!closing.await(interval.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() throws InterruptedException {
        try {
            Map<String, Long> now = database.ask(query, Map.of(), MOST + 1, (rows, utf8) -> read(rows));
            if (failing) {
                failing = false;
                LOG.info("Credential_JDBC {}: changes are noticed again", name);
            }
            before.filter(earlier -> !earlier.equals(now)).ifPresent(earlier -> news.accept(change(earlier, now)));
            before = Optional.of(now);
        } catch (DatabaseException failed) {
            if (!failing) {
                failing = true;
                LOG.warn("Credential_JDBC {}: changes are not noticed: {}", name, failed.getMessage());
            }
        } catch (RuntimeException odd) {
            // The next look may go well; without looks no rotation would be noticed any more.
            LOG.warn(
                    "Credential_JDBC {}: a look for changes failed: {}",
                    name,
                    odd.getClass().getName());
        }
    }

    private static ChangeWatch.Change change(Map<String, Long> before, Map<String, Long> now) {
        Set<String> keys = new HashSet<>(before.keySet());
        keys.addAll(now.keySet());
        keys.removeIf(key -> Objects.equals(before.get(key), now.get(key)));
        return keys.contains("") ? new ChangeWatch.Change.Anything() : new ChangeWatch.Change.Keys(keys);
    }

    /** A number for each key that depends on its rows and not on their order; all rows are the empty key's without one. */
    private static Map<String, Long> read(ResultSet rows) throws SQLException, DatabaseException {
        ResultSetMetaData meta = rows.getMetaData();
        int columns = meta.getColumnCount();
        int keyed = 0;
        for (int i = 1; i <= columns; i++) {
            keyed = KEY.equalsIgnoreCase(meta.getColumnLabel(i)) ? i : keyed;
        }
        Map<String, Long> numbers = new HashMap<>();
        numbers.put("", 0L);
        MessageDigest digest = sha256();
        for (int row = 0; rows.next(); row++) {
            if (row == MOST) {
                throw new DatabaseException(
                        "Changes returns more than " + MOST + " rows: have it return a count and a maximum");
            }
            String key = keyed == 0 ? null : rows.getString(keyed);
            for (int i = 1; i <= columns; i++) {
                String value = rows.getString(i);
                digest.update((value == null ? "-" : "+" + value).getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            numbers.merge(
                    key == null ? "" : key,
                    java.nio.ByteBuffer.wrap(digest.digest()).getLong(),
                    Long::sum);
        }
        return numbers;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java runtime has SHA-256", missing);
        }
    }
}
