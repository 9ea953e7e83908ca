// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.postern.core.outcome.FailurePolicy;
import org.postern.core.scope.AuthResolution;
import org.postern.core.scope.Resolution;
import org.postern.spi.policy.MessageView;
import org.postern.spi.policy.OutboundAuthHook;
import org.postern.spi.policy.OutboundAuthSettings;
import org.postern.spi.policy.ResolvedAuth;

/**
 * Asks the hooks, then puts message context over what the scopes say. A hook that throws or is late defers the message: it
 * might have asked for authentication.
 *
 * <p>Threading: safe for many threads.
 */
@Singleton
public final class Hooks {

    private final HookRunner runner;
    private final Deciders deciders;
    private final FailurePolicy policy;
    private final AuthResolution authResolution;
    private final HookList<OutboundAuthHook> hooks = new HookList<>();

    /** No hooks yet. */
    @Inject
    public Hooks(HookRunner runner, Deciders deciders, FailurePolicy policy, AuthResolution authResolution) {
        this.runner = runner;
        this.deciders = deciders;
        this.policy = policy;
        this.authResolution = authResolution;
    }

    /** Sees what each hook does, for explanations. */
    interface Witness {

        /** Looks away. */
        Witness NOBODY = new Witness() {

            @Override
            public void saw(OutboundAuthHook hook, Map<String, String> before, Map<String, String> after) {}

            @Override
            public void sawFail(OutboundAuthHook hook, String how) {}
        };

        /** A hook did its work on the message's own variables. */
        void saw(OutboundAuthHook hook, Map<String, String> before, Map<String, String> after);

        /** A hook did not do its work. */
        void sawFail(OutboundAuthHook hook, String how);
    }

    /** A hook has come. */
    public void bind(OutboundAuthHook hook, int ranking, long serviceId) {
        hooks.bind(hook, ranking, serviceId);
    }

    /** A hook goes. */
    public void unbind(long serviceId) {
        hooks.unbind(serviceId);
    }

    boolean isEmpty() {
        return hooks.isEmpty();
    }

    ResolvedAuth resolve(MessageView message, Map<String, String> variables, Resolution options)
            throws NotDeliverable, InterruptedException {
        return resolve(message, variables, options, Witness.NOBODY);
    }

    /** @param variables the message's own; they stay as they are */
    ResolvedAuth resolve(MessageView message, Map<String, String> variables, Resolution options, Witness witness)
            throws NotDeliverable, InterruptedException {
        Optional<String> objection = deciders.objection(options.snapshot());
        if (objection.isPresent()) {
            throw new NotDeliverable(policy.hookMissing(objection.get()));
        }
        if (hooks.isEmpty()) {
            return authResolution.resolve(options, variables);
        }
        AttemptContext context = new AttemptContext(variables, message.envelope(), Optional.of(options));
        Duration deadline = options.get(OutboundAuthSettings.HOOK_TIMEOUT).orThrow();
        for (OutboundAuthHook hook : hooks.inOrder()) {
            Map<String, String> before = Map.copyOf(context.own());
            run(hook, message, context, deadline, witness);
            witness.saw(hook, before, Map.copyOf(context.own()));
        }
        return authResolution.resolve(options, Map.copyOf(context.own()));
    }

    private void run(
            OutboundAuthHook hook, MessageView message, AttemptContext context, Duration deadline, Witness witness)
            throws NotDeliverable, InterruptedException {
        try {
            runner.run(
                    hook,
                    () -> {
                        hook.configure(message, context);
                        return hook;
                    },
                    deadline);
        } catch (HookRunner.HookFailed failure) {
            witness.sawFail(hook, failure.getMessage());
            throw new NotDeliverable(policy.hookFailed("4.7.0 " + failure.getMessage()));
        }
    }
}
