// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.crash;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** Senders of one life, each with a connection of its own. They send until the relay is gone. */
final class Clients {

    private static final int COUNT = 4;
    /** More than this need not wait in the relay: the campaign has to end. */
    private static final int MOST_OUTSTANDING = 1_500;

    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** Whatever made the relay refuse is not over at once. */
    private static final long AFTER_REFUSAL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final int port;
    private final Mails mails;
    private final History history;
    private final AtomicInteger left;
    private final AtomicReference<IOException> trouble = new AtomicReference<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean ending;

    /** @param most messages that they send together */
    Clients(int port, Mails mails, History history, int most) {
        this.port = port;
        this.mails = mails;
        this.history = history;
        this.left = new AtomicInteger(most);
    }

    Clients start() {
        for (int i = 0; i < COUNT; i++) {
            threads.add(Thread.ofPlatform().daemon().name("crash-client-" + i).start(this::run));
        }
        return this;
    }

    private void run() {
        try (Submitter submitter = new Submitter(port, history)) {
            while (!ending && left.get() > 0) {
                if (history.checker().summary().outstanding() > MOST_OUTSTANDING) {
                    LockSupport.parkNanos(REST_NANOS);
                } else if (submitter.submit(mails.next())) {
                    left.decrementAndGet();
                } else {
                    LockSupport.parkNanos(AFTER_REFUSAL_NANOS);
                }
            }
        } catch (IOException gone) {
            if (!ending) {
                trouble.compareAndSet(null, gone);
            }
        }
    }

    /** The relay is about to go. */
    void expectTheEnd() {
        ending = true;
    }

    /**
     * Returns when none of them notes anything any more.
     *
     * @throws IOException if the relay let one of them down before its end was near
     */
    void join() throws IOException, InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
        if (trouble.get() != null) {
            throw new IOException(
                    "the relay let a client down: " + trouble.get().getMessage(), trouble.get());
        }
    }
}
