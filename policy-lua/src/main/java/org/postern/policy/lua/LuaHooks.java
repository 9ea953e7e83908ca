// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.postern.policy.lua.library.Library;
import org.postern.policy.lua.msys.CounterLibrary;
import org.postern.policy.lua.msys.Counters;
import org.postern.policy.lua.msys.InertObject;
import org.postern.policy.lua.msys.MessageLibrary;
import org.postern.policy.lua.msys.MessageObject;
import org.postern.policy.lua.msys.MsysLibrary;
import org.postern.policy.lua.msys.Registrations;
import org.postern.policy.lua.outside.Libraries;
import org.postern.policy.lua.run.LuaFunction;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.script.LogOfScripts;
import org.postern.policy.lua.script.Script;
import org.postern.policy.lua.script.ScriptException;
import org.postern.policy.lua.script.ScriptSet;
import org.postern.policy.lua.script.Surroundings;
import org.postern.spi.policy.BindingChoice;
import org.postern.spi.policy.BindingHook;
import org.postern.spi.policy.MessageContext;
import org.postern.spi.policy.MessageView;
import org.postern.spi.policy.OutboundAuthHook;
import org.postern.spi.policy.OutboundAuthSettings;
import org.postern.spi.policy.ReceivedMessage;
import org.postern.spi.settings.InvalidValueException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The scripts of a {@code scriptlet} stanza as hooks. A script that could not be loaded defers every message that it might
 * have had something to say about.
 *
 * <p>Threading: hooks are called by many threads at once, each in instances of scripts of its own. Loading is done by one
 * thread at a time, beside them.
 */
@Component(
        service = {OutboundAuthHook.class, BindingHook.class},
        configurationPid = LuaHooks.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class LuaHooks implements OutboundAuthHook, BindingHook {

    static final String PID = "org.postern.policy.lua";

    private static final Logger LOG = LoggerFactory.getLogger(LuaHooks.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration RECEPTION = Duration.ofSeconds(10);

    private final ConfigurationOfScopes scopes;
    private final ReloadSignal reloads;
    private final Libraries outside;
    private final Counters counters = new Counters();
    private final ReentrantLock loading = new ReentrantLock();
    private final Runnable onReload = this::refresh;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile ScriptSet scripts = ScriptSet.NONE;

    /** Loads the scripts. */
    @Activate
    public LuaHooks(
            @Reference ConfigurationOfScopes scopes,
            @Reference ReloadSignal reloads,
            @Reference Libraries outside,
            Map<String, ?> properties) {
        this.scopes = scopes;
        this.outside = outside;
        this.reloads = reloads;
        configure(properties);
        reloads.add(onReload);
        Thread.ofVirtual().name("postern-lua-watch").start(this::watch);
    }

    // A configuration that is read again and says the same is no news to bundles; a script may have changed all the
    // same.
    private void watch() {
        try {
            while (!closing.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                refresh();
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /** The stanza has changed. Calls under way end in the scripts that they began in. */
    @Modified
    void configure(Map<String, ?> properties) {
        loading.lock();
        try {
            ScriptletConfiguration configuration = ScriptletConfiguration.read(properties);
            scripts = configuration.enabled()
                    ? scripts.replacedBy(configuration.sources(), surroundings(configuration))
                    : scripts.ended();
        } catch (InvalidValueException wrong) {
            LOG.error("{}: {}", ScriptletOptions.STANZA, wrong.getMessage());
        } finally {
            loading.unlock();
        }
    }

    private Surroundings surroundings(ScriptletConfiguration configuration) {
        Library msys = state -> {
            MsysLibrary.open(state, scopes, Clock.systemUTC());
            MessageLibrary.open(state);
            CounterLibrary.open(state, counters);
            outside.open(state, configuration.readable());
        };
        return new Surroundings(
                configuration.folders(),
                configuration.limits(),
                List.of(msys),
                configuration.spare(),
                configuration.timeToLive(),
                Clock.systemDefaultZone(),
                new ToLog());
    }

    private static final class ToLog implements LogOfScripts {

        @Override
        public void printed(String line) {
            LOG.info("{}: {}", ScriptletOptions.STANZA, line);
        }

        @Override
        public void failed(String text) {
            LOG.error("{}: {}", ScriptletOptions.STANZA, text);
        }
    }

    /** A configuration is in force: scripts whose files have changed are loaded anew. */
    void refresh() {
        loading.lock();
        try {
            scripts = scripts.refreshed();
        } finally {
            loading.unlock();
        }
    }

    @Deactivate
    void close() {
        closing.countDown();
        reloads.remove(onReload);
        loading.lock();
        try {
            scripts = scripts.ended();
        } finally {
            loading.unlock();
        }
    }

    @Override
    public void configure(MessageView message, MessageContext context) throws ScriptException {
        Duration time = context.get(OutboundAuthSettings.HOOK_TIMEOUT.key())
                .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
                .orElse(RECEPTION);
        for (Script script : scripts.authenticating()) {
            script.call(time, state -> authenticate(state, message, context));
        }
    }

    private static boolean authenticate(LuaState state, MessageView view, MessageContext context) {
        MessageObject message = MessageObject.open(state, view, context);
        try {
            callAll(state, Registrations.AUTHENTICATION, message);
            return true;
        } finally {
            message.close(state);
        }
    }

    @Override
    public BindingChoice choose(ReceivedMessage message, MessageContext context) throws ScriptException {
        BindingChoice choice = new BindingChoice.Unchanged();
        for (Script script : scripts.choosingBindings()) {
            BindingChoice next = script.call(RECEPTION, state -> choose(state, message, context));
            choice = next instanceof BindingChoice.Unchanged ? choice : next;
        }
        return choice;
    }

    private static BindingChoice choose(LuaState state, ReceivedMessage received, MessageContext context) {
        MessageObject message = MessageObject.open(state, received, context);
        try {
            callAll(state, Set.of(Registrations.BINDING), message);
            return message.chosenBinding()
                    .<BindingChoice>map(BindingChoice.Named::new)
                    .or(() -> message.chosenGroup().map(BindingChoice.AnyOf::new))
                    .orElseGet(BindingChoice.Unchanged::new);
        } finally {
            message.close(state);
        }
    }

    // What they return means nothing: hooks of every version give something else, or nothing.
    private static void callAll(LuaState state, Set<String> functions, MessageObject message) {
        state.attached(Registrations.class).modules().values().forEach(module -> {
            for (String name : functions) {
                LuaFunction function = Registrations.function(state, module, name);
                if (function != null) {
                    state.call(
                            function,
                            module,
                            message,
                            new InertObject("accept_construct"),
                            new InertObject("validate_context"));
                }
            }
        });
    }
}
