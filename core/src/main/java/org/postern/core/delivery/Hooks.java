// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.postern.core.outcome.FailurePolicy;
import org.postern.core.queue.QueuedMessage;
import org.postern.core.scope.AuthResolution;
import org.postern.core.scope.Resolution;
import org.postern.spi.policy.OutboundAuthHook;
import org.postern.spi.policy.OutboundAuthSettings;
import org.postern.spi.policy.ResolvedAuth;

/**
 * Asks the hooks, then puts message context over what the scopes say. A hook that throws or is late defers the message: it
 * might have asked for authentication.
 *
 * <p>Threading: safe for many threads; at most {@value #AT_ONCE} hooks run at once.
 */
@Singleton
public final class Hooks {

    private static final int AT_ONCE = 64;

    private final FailurePolicy policy;
    private final AuthResolution authResolution;
    private final Semaphore running = new Semaphore(AT_ONCE);
    private final ConcurrentSkipListSet<Registered> hooks = new ConcurrentSkipListSet<>(
            Comparator.comparingInt(Registered::ranking).reversed().thenComparingLong(Registered::serviceId));

    private record Registered(OutboundAuthHook hook, int ranking, long serviceId) {}

    /** No hooks yet. */
    @Inject
    public Hooks(FailurePolicy policy, AuthResolution authResolution) {
        this.policy = policy;
        this.authResolution = authResolution;
    }

    /** A hook has come. */
    public void bind(OutboundAuthHook hook, int ranking, long serviceId) {
        hooks.add(new Registered(hook, ranking, serviceId));
    }

    /** A hook goes. */
    public void unbind(long serviceId) {
        hooks.removeIf(registered -> registered.serviceId() == serviceId);
    }

    ResolvedAuth resolve(QueuedMessage message, Resolution options) throws NotDeliverable, InterruptedException {
        if (hooks.isEmpty()) {
            return authResolution.resolve(options, message.context());
        }
        AttemptContext context = new AttemptContext(message.context(), options);
        Duration deadline = options.get(OutboundAuthSettings.HOOK_TIMEOUT).orThrow();
        for (Registered registered : List.copyOf(hooks)) {
            run(registered.hook(), new AttemptView(message), context, deadline);
        }
        return authResolution.resolve(options, Map.copyOf(context.own()));
    }

    private void run(OutboundAuthHook hook, AttemptView view, AttemptContext context, Duration deadline)
            throws NotDeliverable, InterruptedException {
        FutureTask<Void> task = new FutureTask<>(() -> {
            hook.configure(view, context);
            return null;
        });
        if (!running.tryAcquire(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
            throw failed(hook, "waited " + deadline.toSeconds() + " s for its turn");
        }
        Thread.ofVirtual().name("postern-hook").start(() -> {
            try {
                task.run();
            } finally {
                running.release();
            }
        });
        try {
            task.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            task.cancel(true);
            throw failed(hook, "took longer than " + deadline.toSeconds() + " s");
        } catch (ExecutionException thrown) {
            // The class only: an exception of a hook may quote the password it was handling.
            throw failed(hook, "threw " + thrown.getCause().getClass().getName());
        }
    }

    private NotDeliverable failed(OutboundAuthHook hook, String how) {
        return new NotDeliverable(
                policy.hookFailed("4.7.0 the hook " + hook.getClass().getName() + " " + how));
    }
}
