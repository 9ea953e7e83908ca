// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.postern.credential.jdbc.database.Database;
import org.postern.spi.text.Printable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on a channel of PostgreSQL. The payload of a notice is the key that has changed; an empty one means any. What
 * may have been missed while there was no connection counts as any.
 */
final class Notifications implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Notifications.class);

    /** How long a connection is believed to live without a sign. */
    private static final Duration QUIET = Duration.ofSeconds(10);

    private static final int VALID_SECONDS = 3;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final String name;
    private final String channel;
    private final Database database;
    private final Consumer<ChangeWatch.Change> news;
    private final CountDownLatch closing;
    private Duration pause = FIRST_PAUSE;
    private boolean deaf = true;

    Notifications(
            String name, String channel, Database database, Consumer<ChangeWatch.Change> news, CountDownLatch closing) {
        this.name = name;
        this.channel = channel;
        this.database = database;
        this.news = news;
        this.closing = closing;
    }

    @Override
    public void run() {
        try {
            do {
                listen();
                deaf = true;
            } while (!closing.await(pause.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private void listen() {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            // The configuration takes no channel with any other character than a-z, 0-9 and _.
            statement.execute("LISTEN " + channel);
            hearing();
            while (closing.getCount() > 0) {
                PGNotification[] notices =
                        connection.unwrap(PGConnection.class).getNotifications((int) QUIET.toMillis());
                if (notices != null && notices.length > 0) {
                    tell(notices);
                } else if (!connection.isValid(VALID_SECONDS)) {
                    throw new SQLException("the connection is dead");
                }
            }
        } catch (SQLException lost) {
            if (closing.getCount() > 0) {
                LOG.warn(
                        "Credential_JDBC {}: channel {} is not heard: {}",
                        name,
                        channel,
                        Printable.of(String.valueOf(lost.getMessage())));
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            }
        } catch (RuntimeException odd) {
            LOG.warn(
                    "Credential_JDBC {}: listening failed: {}",
                    name,
                    odd.getClass().getName());
        }
    }

    private void hearing() {
        LOG.info("Credential_JDBC {}: listens on channel {}", name, channel);
        pause = FIRST_PAUSE;
        if (deaf) {
            deaf = false;
            news.accept(new ChangeWatch.Change.Anything());
        }
    }

    private void tell(PGNotification[] notices) {
        Set<String> keys = new HashSet<>();
        for (PGNotification notice : notices) {
            keys.add(notice.getParameter());
        }
        news.accept(keys.contains("") ? new ChangeWatch.Change.Anything() : new ChangeWatch.Change.Keys(keys));
    }
}
