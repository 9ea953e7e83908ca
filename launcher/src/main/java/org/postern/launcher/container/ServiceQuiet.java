// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.container;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;

/**
 * For how long no service of a container has come, changed or gone: what a stanza configures may come up a moment after
 * it, and a bundle that gets its stanza may begin anew. Safe for many threads.
 */
public final class ServiceQuiet implements AutoCloseable {

    /** Conditions may depend on more than services. */
    private static final long LOOK_MILLIS = 50;

    private final BundleContext context;
    private final ServiceListener listener = this::noteChange;
    private final Semaphore changes = new Semaphore(0);
    private volatile long lastChange = System.nanoTime();

    /** Listens until closed. */
    public ServiceQuiet(BundleContext context) {
        this.context = context;
        context.addServiceListener(listener);
    }

    /** Whether nothing has happened for so long. */
    public boolean hasLasted(Duration time) {
        return System.nanoTime() - lastChange >= time.toNanos();
    }

    /** Returns when the condition holds, or when the time is over or the thread is interrupted, whichever is first. */
    public void awaitUntil(BooleanSupplier settled, Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        try {
            // No lock: whoever registers a service waits for its listeners, and the condition may need that service.
            while (!settled.getAsBoolean() && System.nanoTime() < deadline) {
                changes.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                changes.drainPermits();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void noteChange(ServiceEvent event) {
        lastChange = System.nanoTime();
        changes.release();
    }

    @Override
    public void close() {
        context.removeServiceListener(listener);
    }
}
