// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.datasource;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * A database, or several equal ones, with a cache before it. Queries run on threads of its own, because a driver may
 * block in native code, and a caller never waits longer than it said. Callers that ask for the same at the same time
 * share one query.
 *
 * <p>Threading: any thread.
 */
public final class Datasource implements AutoCloseable {

    private static final long IDLE_SECONDS = 30;

    private final String name;
    private final DatasourceOptions options;
    private final Backends backends;
    private final ResultCache cache;
    private final ThreadPoolExecutor workers;
    private final ConcurrentMap<Query, Running> inFlight = new ConcurrentHashMap<>();

    Datasource(String name, DatasourceOptions options, Backends backends, LongSupplier ticks) {
        this.name = name;
        this.options = options;
        this.backends = backends;
        this.cache = new ResultCache(options.cacheSize(), options.cacheLife(), ticks);
        this.workers = new ThreadPoolExecutor(
                Backend.CONNECTIONS,
                Backend.CONNECTIONS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform()
                        .daemon()
                        .name("postern-datasource-" + name + "-", 0)
                        .factory());
        workers.allowCoreThreadTimeOut(true);
    }

    /** What scripts call it. */
    public String name() {
        return name;
    }

    /** Whether answers are kept at all. */
    public boolean isCached() {
        return !options.noCache();
    }

    /**
     * Asks the database, or answers from the cache.
     *
     * @param fresh whether the cache is passed by; the answer goes into it all the same
     * @param atMost how long the caller waits
     * @throws DatasourceException if there is no answer in time, or an error
     * @throws InterruptedException if the caller was told to stop
     */
    public Rows query(Query query, boolean fresh, Duration atMost) throws DatasourceException, InterruptedException {
        if (!isCached()) {
            return await(start(query, atMost, true), atMost);
        }
        Optional<Rows> cached = fresh ? Optional.empty() : cache.get(query);
        if (cached.isPresent()) {
            return cached.get();
        }
        Rows rows = await(fresh ? start(query, atMost, true) : shared(query, atMost), atMost);
        cache.put(query, rows);
        return rows;
    }

    /**
     * Has the database do something. Cached answers are forgotten, because they may not be true any more.
     *
     * @param atMost how long the caller waits
     * @throws DatasourceException if it did not happen in time, or failed
     * @throws InterruptedException if the caller was told to stop
     */
    public void execute(Query query, Duration atMost) throws DatasourceException, InterruptedException {
        try {
            await(start(query, atMost, false), atMost);
        } finally {
            cache.clear();
        }
    }

    /** Has the database asked again for this. */
    public void forget(Query query) {
        cache.forget(query);
    }

    /** Has the database asked again for everything. */
    public void flush() {
        cache.clear();
    }

    private Running shared(Query query, Duration atMost) {
        Running mine = new Running(query, execution(query, atMost, true));
        Running first = inFlight.putIfAbsent(query, mine);
        if (first != null) {
            return first;
        }
        workers.execute(mine);
        return mine;
    }

    private Running start(Query query, Duration atMost, boolean mayRepeat) {
        Running running = new Running(query, execution(query, atMost, mayRepeat));
        workers.execute(running);
        return running;
    }

    private Execution execution(Query query, Duration atMost, boolean mayRepeat) {
        return new Execution(backends, query, options.maxRows(), mayRepeat, atMost);
    }

    private Rows await(Running running, Duration atMost) throws DatasourceException, InterruptedException {
        try {
            return running.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            running.giveUp();
            throw new DatasourceException("datasource " + name + ": no answer within " + atMost.toMillis() + " ms");
        } catch (InterruptedException stop) {
            running.giveUp();
            throw stop;
        } catch (CancellationException givenUp) {
            throw new DatasourceException("datasource " + name + ": no answer in time");
        } catch (ExecutionException failed) {
            throw new DatasourceException(
                    "datasource " + name + ": " + failed.getCause().getMessage());
        }
    }

    /** A query under way; a caller that comes later for the same one waits for it too. */
    private final class Running extends FutureTask<Rows> {

        private final Query query;
        private final Execution execution;

        Running(Query query, Execution execution) {
            super(execution);
            this.query = query;
            this.execution = execution;
        }

        void giveUp() {
            execution.cancel();
            cancel(false);
        }

        @Override
        protected void done() {
            inFlight.remove(query, this);
        }
    }

    /** Ends connections; queries under way fail. */
    @Override
    public void close() {
        inFlight.values().forEach(Running::giveUp);
        workers.shutdownNow();
        backends.close();
        cache.clear();
    }
}
