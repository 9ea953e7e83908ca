// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.postern.core.intake.Intake;
import org.postern.core.queue.ActiveQueue;
import org.postern.core.queue.DelayedQueue;
import org.postern.core.queue.PackedMessage;
import org.postern.core.queue.Pledge;
import org.postern.core.queue.QueueKey;
import org.postern.core.queue.QueuedMessage;
import org.postern.core.queue.RetrySchedule;
import org.postern.core.queue.TurnQueue;
import org.postern.core.scope.OutboundSettings;
import org.postern.core.session.SessionPool;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.settings.SettingsSnapshot;
import org.postern.spi.spool.RecipientState;
import org.postern.spi.spool.SpooledMessage;

/**
 * Puts accepted mail where it waits: under the right binding and routing domain, for now, for later, or until there is a
 * configuration at all.
 *
 * <p>Threading: safe for many threads.
 */
@Singleton
public final class Dispatcher implements Intake.Admission {

    private final CurrentSettings settings;
    private final Routes routes;
    private final DeadEnds deadEnds;
    private final OutdatedSessions outdatedSessions;
    private final Contexts contexts;
    private final Clock clock;
    private final Allowances allowances;
    private final TurnQueue turns;
    private final Unanswered unanswered;
    private final ActiveQueue active;
    private final DelayedQueue delayed;
    private final ReentrantLock lock = new ReentrantLock();
    private Deque<Unrouted> unrouted = new ArrayDeque<>();
    private final Shared<QueueKey> keys = new Shared<>();
    private final Shared<Binding> bindings = new Shared<>();

    private record Unrouted(PackedMessage message, Map<String, String> context) {}

    @Inject
    Dispatcher(
            CurrentSettings settings,
            Routes routes,
            DeadEnds deadEnds,
            OutdatedSessions outdatedSessions,
            Contexts contexts,
            DeliveryWorker worker,
            Shaping shaping,
            Allowances allowances,
            TurnQueue turns,
            Unanswered unanswered,
            SessionPool pool,
            Clock clock) {
        this.settings = settings;
        this.routes = routes;
        this.deadEnds = deadEnds;
        this.outdatedSessions = outdatedSessions;
        this.contexts = contexts;
        this.clock = clock;
        this.allowances = allowances;
        this.turns = turns;
        this.unanswered = unanswered;
        this.active = new ActiveQueue(() -> worker.courier(this), shaping::closedUntil, this::maxWorkers);
        this.delayed = new DelayedQueue(clock, active::add);
        pool.whenRoom(limit -> active.addFirst(allowances.callUp(limit)));
        shaping.whenOpen(() -> active.resume(clock.instant()));
        unanswered.returnTo(active::addFirst);
    }

    private int maxWorkers(QueueKey key) {
        return Math.toIntExact(settings.resolve(key.binding(), key.domain())
                .get(OutboundSettings.MAX_OUTBOUND_CONNECTIONS)
                .orThrow());
    }

    @Override
    public Intake.Arrival expect(SpooledMessage message, Map<String, String> context) {
        return settings.snapshot().isPresent()
                ? new Expected(message, context)
                : new Intake.Arrival() {
                    @Override
                    public void come() {
                        accept(message, context);
                    }

                    @Override
                    public void close() {}
                };
    }

    /** What goes where nothing else goes is begun while its message becomes durable; the rest waits at the end of its lines. */
    private final class Expected implements Intake.Arrival {

        private final Pledge pledge = new Pledge();
        private final List<Part> rest = new ArrayList<>();
        private boolean begun;

        private Expected(SpooledMessage message, Map<String, String> context) {
            for (Part part : parts(message, context)) {
                if (active.begin(part.message(), pledge)) {
                    begun = true;
                } else {
                    rest.add(part);
                }
            }
        }

        // The worker is ready to send, and the next free processor can tell the sender meanwhile. The other way round
        // it
        // would be the worker that waits until a processor has woken up.
        @Override
        public void come() {
            pledge.keep();
            rest.forEach(Dispatcher.this::enqueue);
            if (begun) {
                Thread.yield();
            }
        }

        @Override
        public void close() {
            pledge.breakOff();
        }
    }

    /** Takes an accepted message, with the variables that were not stored. */
    public void accept(SpooledMessage message, Map<String, String> context) {
        if (!parkIfUnconfigured(message, context)) {
            queue(message, context);
        }
    }

    @Override
    public Map<String, String> storable(Envelope envelope, Binding binding, Map<String, String> context) {
        return contexts.storable(
                context,
                envelope.recipients().stream()
                        .map(recipient -> recipient.routingDomain())
                        .distinct()
                        .toList(),
                domain -> routes.queueFor(binding, domain));
    }

    private boolean parkIfUnconfigured(SpooledMessage message, Map<String, String> context) {
        lock.lock();
        try {
            boolean park = settings.snapshot().isEmpty();
            if (park) {
                unrouted.add(new Unrouted(PackedMessage.of(sharing(message, bindings.of(message.binding()))), context));
            }
            return park;
        } finally {
            lock.unlock();
        }
    }

    private void queue(SpooledMessage message, Map<String, String> context) {
        parts(message, context).forEach(this::enqueue);
    }

    /**
     * What a message has for one destination.
     *
     * @param message as it is queued
     * @param onHold whether an operator keeps it back
     * @param due when it is to be tried, if not
     */
    record Part(QueuedMessage message, boolean onHold, Instant due) {}

    /** What a message has for each destination, as last recorded and by the configuration in force. */
    List<Part> parts(SpooledMessage message, Map<String, String> context) {
        Map<Slot, List<Integer>> bySlot = new LinkedHashMap<>();
        List<MailAddress> recipients = message.envelope().recipients();
        for (int i = 0; i < recipients.size(); i++) {
            RecipientState state = message.states().get(i);
            if (!state.settled()) {
                QueueKey key = keys.of(
                        routes.queueFor(message.binding(), recipients.get(i).routingDomain()));
                bySlot.computeIfAbsent(new Slot(key, state.onHold()), slot -> new ArrayList<>())
                        .add(i);
            }
        }
        return bySlot.entrySet().stream()
                .map(slot -> part(message, context, slot.getKey(), slot.getValue()))
                .toList();
    }

    private record Slot(QueueKey key, boolean onHold) {}

    // What came in while the system's clock was ahead would be too old only after that moment.
    private SpooledMessage sharing(SpooledMessage message, Binding equal) {
        return new SpooledMessage(
                message.id(),
                message.envelope(),
                equal,
                message.context(),
                earlier(message.received(), clock.instant()),
                message.size(),
                message.states());
    }

    private Part part(SpooledMessage message, Map<String, String> context, Slot slot, List<Integer> indices) {
        int attempts = indices.stream()
                .mapToInt(i -> message.states().get(i).attempts())
                .max()
                .orElse(0);
        Instant due = earlier(
                indices.stream()
                        .map(i -> message.states().get(i))
                        .map(RecipientState::due)
                        .min(Instant::compareTo)
                        .orElseThrow(),
                latestDue(slot.key()));
        QueuedMessage queued = new QueuedMessage(
                        sharing(message, slot.key().binding()), slot.key(), indices, attempts, context, false)
                .told(attempts == 0 ? message.received() : due);
        return new Part(queued, slot.onHold(), due);
    }

    private void enqueue(Part part) {
        if (part.onHold()) {
            delayed.keepOnHold(contexts.parked(part.message()), QueueDesk.ON_HOLD);
        } else if (part.due().isAfter(clock.instant())) {
            delayed.delay(contexts.parked(part.message()), part.due(), "waiting for its next attempt");
        } else {
            active.add(part.message());
        }
    }

    // What was noted while the system's clock was years ahead would wait for years.
    private Instant latestDue(QueueKey key) {
        Duration longest = settings.resolve(key.binding(), key.domain())
                .get(OutboundSettings.MAX_RETRY_INTERVAL)
                .orThrow();
        return clock.instant().plus(RetrySchedule.longest(longest));
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /** Another configuration is in force: what waited for one, and what was held, gets its chance. */
    public void configured(SettingsSnapshot snapshot) {
        Deque<Unrouted> waiting;
        Optional<SettingsSnapshot> before;
        lock.lock();
        try {
            before = settings.snapshot();
            settings.replace(snapshot);
            waiting = unrouted;
            unrouted = new ArrayDeque<>();
        } finally {
            lock.unlock();
        }
        // After the change, so that no attempt under the old settings can add another; before the mail that they hold
        // up.
        deadEnds.forgetAll();
        before.ifPresent(old -> outdatedSessions.drain(old, snapshot));
        for (Unrouted one = waiting.poll(); one != null; one = waiting.poll()) {
            queue(one.message().unpacked(), one.context());
        }
        delayed.releaseHeld();
        active.addFirst(turns.callAll());
        active.addFirst(unanswered.callAll());
        active.resume(Instant.MAX);
    }

    /** Something that held mail may wait for has changed. */
    public void releaseHeld() {
        delayed.releaseHeld();
    }

    /** Lets go what is due; to be called about once a second. */
    public void releaseDue() {
        delayed.releaseDue();
        active.addFirst(turns.callOverdue(clock.instant()));
        active.addFirst(allowances.callUp());
        active.resume(clock.instant());
    }

    /** Takes what waits for an attempt out of a queue. */
    List<QueuedMessage> takeReady(QueueKey key) {
        return active.takeAll(key);
    }

    DelayedQueue delayed() {
        return delayed;
    }

    ActiveQueue active() {
        return active;
    }

    /** What waits for a first configuration. */
    Stream<SpooledMessage> unrouted() {
        lock.lock();
        try {
            return List.copyOf(unrouted).stream().map(Unrouted::message).map(PackedMessage::unpacked);
        } finally {
            lock.unlock();
        }
    }

    /** Ready and under way, by queue. */
    Map<QueueKey, Integer> activeSizes() {
        return active.sizes();
    }

    /** Waiting for later, by queue. */
    Map<QueueKey, DelayedQueue.Summary> delayedSummaries() {
        Map<QueueKey, DelayedQueue.Summary> all = new HashMap<>(delayed.summaries());
        turns.summaries().forEach((key, summary) -> all.merge(key, summary, DelayedQueue.Summary::plus));
        unanswered.summaries().forEach((key, summary) -> all.merge(key, summary, DelayedQueue.Summary::plus));
        return all;
    }

    /** Messages that wait for a first configuration. */
    int unroutedCount() {
        lock.lock();
        try {
            return unrouted.size();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Starts no further delivery and waits for those under way.
     *
     * @return whether all of them ended in time
     */
    public boolean stop(long timeout, TimeUnit unit) throws InterruptedException {
        active.stop();
        return active.awaitIdle(timeout, unit);
    }
}
