// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.postern.core.outcome.FailurePolicy;
import org.postern.core.queue.QueueKey;
import org.postern.core.queue.QueuedMessage;
import org.postern.core.scope.AuthResolution;
import org.postern.core.scope.OutboundSettings;
import org.postern.core.scope.Resolution;
import org.postern.spi.mail.DeliveryStage;
import org.postern.spi.mail.RoutingDomain;
import org.postern.spi.mail.SubmittingClient;
import org.postern.spi.policy.OutboundAuthSettings;
import org.postern.spi.settings.Located;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.spool.Spool;
import org.postern.spi.spool.SpooledMessage;

/**
 * Where the variables of a message are: what is stored of them, whether a waiting message keeps them in memory, and how
 * they come back.
 *
 * <p>Threading: safe for many threads.
 */
@Singleton
final class Contexts {

    /** Stands in a stored context for a password that was left out, so that hooks are asked for it again. */
    static final String PASSWORD_LEFT_OUT = "#password_left_out";

    /** Names that begin so are the engine's own, and no pattern takes them away. */
    private static final String OWN = "#";

    private static final int PATTERNS_REMEMBERED = 1_000;

    private final CurrentSettings settings;
    private final Spool spool;
    private final FailurePolicy policy;
    private final AuthResolution authResolution;
    private final Map<String, Pattern> patterns = new ConcurrentHashMap<>();

    @Inject
    Contexts(CurrentSettings settings, Spool spool, FailurePolicy policy, AuthResolution authResolution) {
        this.settings = settings;
        this.spool = spool;
        this.policy = policy;
        this.authResolution = authResolution;
    }

    /**
     * What may be stored. One recipient whose scope leaves a variable out is enough: the context is stored once for all.
     * Who handed the message in is nobody's business where no peer is told.
     *
     * @param queueFor where mail for a domain is queued
     */
    Map<String, String> storable(
            Map<String, String> context, List<RoutingDomain> domains, Function<RoutingDomain, QueueKey> queueFor) {
        if (context.isEmpty()) {
            return context;
        }
        Map<String, String> storable = new HashMap<>(context);
        if (settings.snapshot().isEmpty()) {
            leaveOutPassword(storable);
            return Map.copyOf(storable);
        }
        boolean clientTold = false;
        for (RoutingDomain domain : domains) {
            QueueKey key = queueFor.apply(domain);
            Resolution options = settings.resolve(key.binding(), key.domain());
            leaveOut(storable, options);
            clientTold |= SessionOptions.Telling.of(options) != SessionOptions.Telling.NO;
        }
        if (!clientTold) {
            storable.keySet().removeIf(name -> name.startsWith(SubmittingClient.PREFIX));
        }
        return Map.copyOf(storable);
    }

    private void leaveOut(Map<String, String> storable, Resolution options) {
        if (!options.get(OutboundAuthSettings.PERSIST_PASS).orThrow() && !isReference(storable, options)) {
            leaveOutPassword(storable);
        }
        for (String pattern :
                options.get(OutboundSettings.EXCLUDE_VCTX_MESS).value().orElse(List.of())) {
            if (storable.containsKey(OutboundAuthSettings.PASS.key())
                    && occursIn(pattern, OutboundAuthSettings.PASS.key())) {
                leaveOutPassword(storable);
            }
            storable.keySet().removeIf(name -> !name.startsWith(OWN) && occursIn(pattern, name));
        }
    }

    /** It says where the password is, and is none. */
    private boolean isReference(Map<String, String> storable, Resolution options) {
        return Optional.ofNullable(storable.get(OutboundAuthSettings.PASS.key()))
                .flatMap(written -> authResolution.referenceIn(written, options.snapshot()))
                .isPresent();
    }

    private boolean occursIn(String pattern, String name) {
        if (patterns.size() > PATTERNS_REMEMBERED) {
            patterns.clear();
        }
        return patterns.computeIfAbsent(pattern, Pattern::compile).matcher(name).find();
    }

    private static void leaveOutPassword(Map<String, String> storable) {
        if (storable.remove(OutboundAuthSettings.PASS.key()) != null) {
            storable.put(PASSWORD_LEFT_OUT, "true");
        }
    }

    /** The message as it waits: without the variables that the spool has, unless they are to stay in memory. */
    QueuedMessage parked(QueuedMessage message) {
        return keepsInMemory() ? message : message.parked(OutboundAuthSettings.PASS.key());
    }

    /** Whether the spool has all that this process would know of the message after a wait. */
    boolean areOnSpool(QueuedMessage message) {
        QueuedMessage waiting = parked(message);
        return waiting.message()
                .context()
                .entrySet()
                .containsAll(waiting.context().entrySet());
    }

    private boolean keepsInMemory() {
        return settings.snapshot()
                .flatMap(snapshot -> snapshot.at(ScopePath.GLOBAL, OutboundSettings.KEEP_MESSAGE_DICTS_IN_MEMORY))
                .flatMap(Located::value)
                .orElse(false);
    }

    /**
     * The variables of a message, read back from the spool if need be.
     *
     * @throws NotDeliverable if they cannot be read now
     */
    Map<String, String> of(QueuedMessage message) throws NotDeliverable {
        if (!message.contextOnSpool()) {
            return message.context();
        }
        try {
            Map<String, String> whole = new HashMap<>();
            Optional<SpooledMessage> stored = spool.find(message.message().id());
            stored.map(SpooledMessage::context).ifPresent(whole::putAll);
            whole.putAll(message.context());
            return Map.copyOf(whole);
        } catch (IOException unreadable) {
            throw new NotDeliverable(policy.internalError(
                    DeliveryStage.NOT_CONNECTED, "the message's context cannot be read: " + unreadable.getMessage()));
        }
    }

    /** Whether a password was there once and a hook has to give it again. */
    static boolean lacksPassword(Map<String, String> variables) {
        return variables.containsKey(PASSWORD_LEFT_OUT) && !variables.containsKey(OutboundAuthSettings.PASS.key());
    }
}
