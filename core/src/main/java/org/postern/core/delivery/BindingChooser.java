// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.postern.core.intake.Arriving;
import org.postern.core.intake.Intake;
import org.postern.core.outcome.FailurePolicy;
import org.postern.engine.BindingRequest;
import org.postern.engine.PolicyException;
import org.postern.spi.mail.Binding;
import org.postern.spi.policy.BindingChoice;
import org.postern.spi.policy.BindingHook;
import org.postern.spi.policy.OutboundAuthSettings;
import org.postern.spi.policy.ReceivedMessage;
import org.postern.spi.settings.SettingsSnapshot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the binding of a message as it arrives: what is requested for it gives way to its {@code X-Binding} field where
 * that may decide, and both to the hooks. Only names that the configuration declares are taken; the rest is logged.
 *
 * <p>Threading: safe for many threads.
 */
@Singleton
public final class BindingChooser implements Intake.Reception {

    private static final Logger LOG = LoggerFactory.getLogger(BindingChooser.class);
    private static final int WARNINGS_REMEMBERED = 1_000;
    private static final int SHOWN = 80;

    private final CurrentSettings settings;
    private final Bindings bindings;
    private final Deciders deciders;
    private final HookRunner runner;
    private final FailurePolicy policy;
    private final HookList<BindingHook> hooks = new HookList<>();
    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    @Inject
    BindingChooser(
            CurrentSettings settings, Bindings bindings, Deciders deciders, HookRunner runner, FailurePolicy policy) {
        this.settings = settings;
        this.bindings = bindings;
        this.deciders = deciders;
        this.runner = runner;
        this.policy = policy;
    }

    /** A hook has come. */
    public void bind(BindingHook hook, int ranking, long serviceId) {
        hooks.bind(hook, ranking, serviceId);
    }

    /** A hook goes. */
    public void unbind(long serviceId) {
        hooks.unbind(serviceId);
    }

    @Override
    public boolean readsHeaders() {
        return !hooks.isEmpty();
    }

    @Override
    public Binding choose(Arriving message, BindingRequest request, List<String> fields, Map<String, String> context)
            throws PolicyException {
        return choose(message, request, fields, context, step -> {});
    }

    /** @param story is told each step in one line for people */
    Binding choose(
            Arriving message,
            BindingRequest request,
            List<String> fields,
            Map<String, String> context,
            Consumer<String> story)
            throws PolicyException {
        refuseWithoutDeciders();
        boolean named = request.name().isPresent() || request.headerHonoured() && !fields.isEmpty();
        if (!bindings.known() && (named || !hooks.isEmpty())) {
            throw new PolicyException("no configuration is in force, so nothing is known of bindings");
        }
        Binding requested = request.name()
                .flatMap(name -> known(name, "the listener asks for it", story))
                .orElse(message.binding());
        Binding written = request.headerHonoured() ? fromHeader(fields, requested, story) : requested;
        return hooks.isEmpty() ? written : askHooks(message.under(written), context, story);
    }

    // A hook that is yet to come might choose another account.
    private void refuseWithoutDeciders() throws PolicyException {
        try {
            SettingsSnapshot snapshot = settings.snapshot().orElseGet(SettingsSnapshot::empty);
            Optional<String> objection = deciders.objection(snapshot);
            if (objection.isPresent()) {
                throw new PolicyException(objection.get());
            }
        } catch (InterruptedException stopping) {
            throw stopping();
        }
    }

    // Two fields that disagree come from two hands, and it cannot be told which one is to be trusted.
    private Binding fromHeader(List<String> fields, Binding otherwise, Consumer<String> story) {
        List<String> names = fields.stream().distinct().toList();
        if (names.size() > 1) {
            warnOnce("a message has several X-Binding fields that differ; none is used", story);
            return otherwise;
        }
        return names.stream()
                .findFirst()
                .flatMap(name -> known(name, "an X-Binding field names it", story))
                .orElse(otherwise);
    }

    private Optional<Binding> known(String name, String who, Consumer<String> story) {
        Optional<Binding> found = bindings.named(name);
        if (found.isPresent()) {
            story.accept(found.get() + ": " + who);
        } else {
            unknown("binding", name, who, story);
        }
        return found;
    }

    private void unknown(String what, String name, String who, Consumer<String> story) {
        warnOnce("there is no " + what + " '" + shown(name) + "', although " + who + "; it changes nothing", story);
    }

    private void warnOnce(String what, Consumer<String> story) {
        story.accept(what);
        if (warned.size() < WARNINGS_REMEMBERED && warned.add(what)) {
            LOG.warn("{}", what);
        }
    }

    private static String shown(String name) {
        String line = name.replaceAll("\\p{Cntrl}", "?");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…";
    }

    private Binding askHooks(Arriving message, Map<String, String> context, Consumer<String> story)
            throws PolicyException {
        AttemptContext variables = new AttemptContext(context, message.envelope(), Optional.empty());
        Arriving asked = message;
        for (BindingHook hook : hooks.inOrder()) {
            asked = asked.under(binding(ask(hook, asked, variables), hook, asked, story));
        }
        context.clear();
        context.putAll(variables.own());
        return asked.binding();
    }

    /**
     * Asks the hooks again for the variables of a message, because a password that one of them set was not stored. What
     * they choose has no effect.
     *
     * @throws NotDeliverable if one of them fails
     */
    Map<String, String> variablesAgain(ReceivedMessage message, Map<String, String> variables) throws NotDeliverable {
        AttemptContext context = new AttemptContext(variables, message.envelope(), Optional.empty());
        try {
            for (BindingHook hook : hooks.inOrder()) {
                ask(hook, message, context);
            }
        } catch (PolicyException failure) {
            throw new NotDeliverable(policy.hookFailed("4.7.0 " + failure.getMessage()));
        }
        return Map.copyOf(context.own());
    }

    private BindingChoice ask(BindingHook hook, ReceivedMessage message, AttemptContext variables)
            throws PolicyException {
        Duration deadline = settings.resolve(
                        message.binding(),
                        message.envelope().recipients().getFirst().routingDomain())
                .get(OutboundAuthSettings.HOOK_TIMEOUT)
                .orThrow();
        try {
            return Optional.ofNullable(runner.run(hook, () -> hook.choose(message, variables), deadline))
                    .orElseThrow(() -> new PolicyException(
                            "the hook " + hook.getClass().getName() + " answered with nothing at all"));
        } catch (HookRunner.HookFailed failure) {
            throw new PolicyException(failure.getMessage());
        } catch (InterruptedException stopping) {
            throw stopping();
        }
    }

    private static PolicyException stopping() {
        Thread.currentThread().interrupt();
        return new PolicyException("the engine is stopping");
    }

    private Binding binding(BindingChoice choice, BindingHook hook, ReceivedMessage message, Consumer<String> story) {
        String who = "the hook " + hook.getClass().getName() + " chose it";
        return switch (choice) {
            case BindingChoice.Unchanged unchanged -> message.binding();
            case BindingChoice.Named named -> known(named.name(), who, story).orElse(message.binding());
            case BindingChoice.AnyOf any -> anyOf(any.group(), who, message, story);
        };
    }

    private Binding anyOf(String group, String who, ReceivedMessage message, Consumer<String> story) {
        Optional<Binding> found =
                bindings.anyOf(group, message.envelope().recipients().getFirst().routingDomain());
        if (found.isPresent()) {
            story.accept(found.get() + ": in its turn of group " + shown(group) + ", because " + who);
        } else {
            unknown("binding group", group, who, story);
        }
        return found.orElse(message.binding());
    }
}
