// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs hooks of plug-ins: each call on a thread of its own, with a deadline, and nothing that it throws gets through.
 *
 * <p>Threading: safe for many threads; at most {@value #AT_ONCE} hooks run at once.
 */
@Singleton
final class HookRunner {

    private static final int AT_ONCE = 64;

    private final Semaphore running = new Semaphore(AT_ONCE);

    @Inject
    HookRunner() {}

    /** A hook did not do its work. The message is one line for people, without anything that the hook said. */
    static final class HookFailed extends Exception {

        private static final long serialVersionUID = 1L;

        private HookFailed(Object hook, String how) {
            super("the hook " + hook.getClass().getName() + " " + how, null, false, false);
        }
    }

    /**
     * Runs one call.
     *
     * @param hook whose it is
     * @param deadline for the wait for its turn, and again for the call
     */
    <T> T run(Object hook, Callable<T> call, Duration deadline) throws HookFailed, InterruptedException {
        FutureTask<T> task = new FutureTask<>(call);
        if (!running.tryAcquire(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new HookFailed(hook, "waited " + deadline.toSeconds() + " s for its turn");
        }
        Thread.ofVirtual().name("postern-hook").start(() -> {
            try {
                task.run();
            } finally {
                running.release();
            }
        });
        try {
            return task.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            task.cancel(true);
            throw new HookFailed(hook, "took longer than " + deadline.toSeconds() + " s");
        } catch (ExecutionException thrown) {
            // The class only: an exception of a hook may quote the password it was handling.
            throw new HookFailed(hook, "threw " + thrown.getCause().getClass().getName());
        }
    }
}
