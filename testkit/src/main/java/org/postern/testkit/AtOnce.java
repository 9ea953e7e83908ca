// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs a piece of work in many threads that begin together, and bounds the wait. */
final class AtOnce {

    private static final int LONGEST_SECONDS = 60;

    private AtOnce() {}

    interface Work<T> {
        T of(int worker) throws Exception;
    }

    static <T> List<T> run(int workers, Work<T> work) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(workers);
        try {
            List<Future<T>> running = new ArrayList<>();
            for (int i = 0; i < workers; i++) {
                int worker = i;
                Callable<T> waiting = () -> {
                    start.await();
                    return work.of(worker);
                };
                running.add(threads.submit(waiting));
            }
            start.countDown();
            return resultsOf(running);
        } finally {
            threads.shutdownNow();
        }
    }

    private static <T> List<T> resultsOf(List<Future<T>> running) throws Exception {
        List<T> results = new ArrayList<>();
        for (Future<T> one : running) {
            try {
                results.add(one.get(LONGEST_SECONDS, TimeUnit.SECONDS));
            } catch (ExecutionException e) {
                throw new AssertionError("one of many threads failed: " + e.getCause(), e.getCause());
            } catch (TimeoutException e) {
                throw new AssertionError("still not done after " + LONGEST_SECONDS + " s", e);
            }
        }
        return results;
    }
}
