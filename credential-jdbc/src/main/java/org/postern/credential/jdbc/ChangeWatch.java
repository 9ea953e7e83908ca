// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.jdbc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.postern.credential.jdbc.database.Database;

/** Notices that accounts have changed, as the stanza says how. Until it is closed, on threads of its own. */
final class ChangeWatch {

    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch closing = new CountDownLatch(1);

    /** What has changed. */
    sealed interface Change {

        /** Nobody knows what. */
        record Anything() implements Change {}

        /** These accounts. */
        record Keys(Set<String> keys) implements Change {}
    }

    ChangeWatch(String name, AccountOptions options, Database database, Consumer<Change> news) {
        options.changes()
                .ifPresent(query ->
                        add("poll", name, new ChangePoll(name, query, options.poll(), database, news, closing)));
        options.channel()
                .ifPresent(channel -> add("listen", name, new Notifications(name, channel, database, news, closing)));
    }

    private void add(String what, String name, Runnable task) {
        threads.add(Thread.ofVirtual().name("postern-jdbc-" + name + "-" + what).unstarted(task));
    }

    void start() {
        threads.forEach(Thread::start);
    }

    /** Ends the threads. */
    void close() throws InterruptedException {
        closing.countDown();
        for (Thread thread : threads) {
            thread.interrupt();
            thread.join(Duration.ofSeconds(5));
        }
    }
}
