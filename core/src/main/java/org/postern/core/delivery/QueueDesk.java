// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.postern.core.queue.DelayedQueue;
import org.postern.core.queue.DelayedQueue.Waiting;
import org.postern.core.queue.QueuedMessage;
import org.postern.core.queue.TurnQueue;
import org.postern.core.route.HostRest;
import org.postern.engine.MailQueue;
import org.postern.engine.QueueAction;
import org.postern.engine.QueueFilter;
import org.postern.engine.dto.QueueChange;
import org.postern.engine.dto.QueueEntry;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.mail.MessageId;
import org.postern.spi.policy.OutboundAuthSettings;
import org.postern.spi.spool.RecipientState;
import org.postern.spi.spool.RecipientUpdate;
import org.postern.spi.spool.Spool;
import org.postern.spi.spool.SpooledMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where operators look at mail that waits, and change what it waits for. Mail is taken out of its queue first, the change is
 * made durable, and then it goes where it now belongs; so a delivery never works on what is being changed.
 *
 * <p>Threading: safe for many threads.
 */
@Singleton
public final class QueueDesk implements MailQueue {

    static final String ON_HOLD = "put on hold by an operator";

    private static final Logger LOG = LoggerFactory.getLogger(QueueDesk.class);

    private final Dispatcher dispatcher;
    private final TurnQueue turns;
    private final Unanswered unanswered;
    private final CurrentSettings settings;
    private final Contexts contexts;
    private final HostRest hostRest;
    private final DeadEnds deadEnds;
    private final Spool spool;
    private final UnheldMail unheld;
    private final Clock clock;

    @Inject
    QueueDesk(
            Dispatcher dispatcher,
            TurnQueue turns,
            Unanswered unanswered,
            CurrentSettings settings,
            Contexts contexts,
            HostRest hostRest,
            DeadEnds deadEnds,
            Spool spool,
            UnheldMail unheld,
            Clock clock) {
        this.dispatcher = dispatcher;
        this.turns = turns;
        this.unanswered = unanswered;
        this.settings = settings;
        this.contexts = contexts;
        this.hostRest = hostRest;
        this.deadEnds = deadEnds;
        this.spool = spool;
        this.unheld = unheld;
        this.clock = clock;
    }

    private enum Place {
        ACTIVE,
        DELAYED,
        TURNS,
        ANSWERS
    }

    /** Where a message is, and how it waits there if it is not ready. */
    private record Position(Place place, QueuedMessage message, QueueEntry.State state, Optional<Waiting> waiting) {

        private static Position active(QueuedMessage message, QueueEntry.State state) {
            return new Position(Place.ACTIVE, message, state, Optional.empty());
        }

        private static Position waiting(Place place, Waiting entry) {
            return new Position(place, entry.message(), stateOf(entry), Optional.of(entry));
        }

        private Candidate candidate() {
            return new Candidate(
                    message.unpacked(),
                    state,
                    waiting.map(Waiting::due).filter(due -> !due.equals(Instant.MAX)),
                    message.reason().or(() -> waiting.map(Waiting::reason)),
                    true);
        }
    }

    @Override
    public void visit(QueueFilter filter, Consumer<QueueEntry> visitor) throws IOException {
        Matching matching = matching(filter);
        List<Position> told = new ArrayList<>();
        for (Position position : positions()) {
            Candidate candidate = position.candidate();
            if (candidate.isMeant(matching)) {
                told.add(position);
                visitor.accept(candidate.entry(matching));
            }
        }
        if (filter.meansAll()) {
            dispatcher.unrouted().forEach(message -> visitor.accept(unrouted(message)));
        }
        if (reachesIntoSpool(filter)) {
            unheld.visit(matching, isAmong(told), visitor);
        }
    }

    // Where mail goes, and by that which entries it has, only a configuration says.
    private boolean reachesIntoSpool(QueueFilter filter) {
        return !filter.inMemory() && settings.snapshot().isPresent();
    }

    /** Most spools have nothing to tell that is in no memory: only once one has, the names are looked up. */
    private static Predicate<MessageId> isAmong(List<Position> positions) {
        return new Predicate<>() {
            private Set<MessageId> names;

            @Override
            public boolean test(MessageId id) {
                if (names == null) {
                    names = positions.stream()
                            .map(position -> position.message().message().id())
                            .collect(Collectors.toSet());
                }
                return names.contains(id);
            }
        };
    }

    private Matching matching(QueueFilter filter) {
        return new Matching(
                filter,
                clock.instant(),
                key -> settings.resolve(key.binding(), key.domain())
                        .get(OutboundAuthSettings.USER)
                        .value());
    }

    private List<Position> positions() {
        List<Position> all = new ArrayList<>();
        dispatcher.active().ready().forEach(message -> all.add(Position.active(message, QueueEntry.State.READY)));
        dispatcher
                .active()
                .underWay()
                .forEach(message -> all.add(Position.active(message, QueueEntry.State.DELIVERING)));
        dispatcher.delayed().all().forEach(entry -> all.add(Position.waiting(Place.DELAYED, entry)));
        turns.all().forEach(entry -> all.add(Position.waiting(Place.TURNS, entry)));
        unanswered.all().forEach(entry -> all.add(Position.waiting(Place.ANSWERS, entry)));
        return all;
    }

    private static QueueEntry.State stateOf(Waiting entry) {
        return switch (entry.what()) {
            case TIME -> QueueEntry.State.DELAYED;
            case US -> QueueEntry.State.HELD;
            case OPERATOR -> QueueEntry.State.ON_HOLD;
        };
    }

    private static QueueEntry unrouted(SpooledMessage message) {
        return new QueueEntry(
                message.id().value(),
                QueueEntry.State.HELD,
                message.binding().name(),
                "*",
                Optional.empty(),
                message.envelope().senderText(),
                message.envelope().recipients().stream()
                        .map(MailAddress::toString)
                        .toList(),
                message.size(),
                message.received(),
                0,
                Optional.empty(),
                Optional.of("no configuration is in force"));
    }

    @Override
    public Optional<byte[]> header(MessageId id) throws IOException {
        try {
            return Optional.of(OriginalHeader.view(spool, id));
        } catch (FileNotFoundException gone) {
            return Optional.empty();
        }
    }

    @Override
    public QueueChange apply(QueueAction action, QueueFilter filter, LongConsumer progress)
            throws IOException, InterruptedException {
        Matching matching = matching(filter);
        List<Position> meant = positions().stream()
                .filter(position -> position.candidate().isMeant(matching))
                .toList();
        List<Position> taken = take(meant.stream()
                .filter(position -> Candidate.concerns(action, position.state()))
                .toList());
        if (action == QueueAction.RETRY) {
            // Else what is retried would meet the memory of what it failed with.
            hostRest.forgetAll();
            deadEnds.forgetAll();
        }
        Changes changes = new Changes(progress);
        changes.leaveAlone(meant.size() - taken.size());
        try {
            carryOut(action, taken, matching, changes);
            if (reachesIntoSpool(filter)) {
                unheld.change(action, matching, isAmong(meant), changes);
            }
        } finally {
            changes.await();
            LOG.info("an operator's {}: {}", action, changes.sum());
        }
        return changes.sum();
    }

    // Somebody else may be quicker: what is no longer there is being delivered.
    private List<Position> take(List<Position> wanted) {
        Set<QueuedMessage> ready = identities(wanted, Place.ACTIVE, Position::message);
        Set<Waiting> waiting =
                identities(wanted, Place.DELAYED, one -> one.waiting().orElseThrow());
        Set<QueuedMessage> turning = identities(wanted, Place.TURNS, Position::message);
        Set<QueuedMessage> asking = identities(wanted, Place.ANSWERS, Position::message);
        Set<QueuedMessage> gone = Collections.newSetFromMap(new IdentityHashMap<>());
        gone.addAll(ready.isEmpty() ? List.of() : dispatcher.active().take(ready));
        gone.addAll(turning.isEmpty() ? List.of() : turns.take(turning));
        gone.addAll(asking.isEmpty() ? List.of() : unanswered.take(asking));
        dispatcher.delayed().take(waiting).forEach(entry -> gone.add(entry.message()));
        return wanted.stream()
                .filter(position -> gone.contains(position.message()))
                .toList();
    }

    private static <T> Set<T> identities(List<Position> positions, Place place, Function<Position, T> what) {
        Set<T> some = Collections.newSetFromMap(new IdentityHashMap<>());
        positions.stream()
                .filter(position -> position.place() == place)
                .map(what)
                .forEach(some::add);
        return some;
    }

    private void putBack(Position position, QueuedMessage message) {
        switch (position.place()) {
            // What waited for its turn, or for an answer, finds its place again by itself.
            case ACTIVE, TURNS, ANSWERS -> dispatcher.active().add(message);
            case DELAYED -> {
                Waiting entry = position.waiting().orElseThrow();
                dispatcher.delayed().putBack(new Waiting(message, entry.due(), entry.what(), entry.reason()));
            }
        }
    }

    private void carryOut(QueueAction action, List<Position> taken, Matching matching, Changes changes)
            throws InterruptedException {
        int begun = 0;
        try {
            for (Position position : taken) {
                QueuedMessage whole = position.message().unpacked();
                List<Integer> meant = matching.recipients(whole);
                changes.begin(1, () -> change(action, position, whole, meant));
                begun++;
            }
        } finally {
            taken.subList(begun, taken.size()).forEach(position -> putBack(position, position.message()));
        }
    }

    private QueueChange change(QueueAction action, Position position, QueuedMessage whole, List<Integer> meant) {
        List<Integer> others = whole.recipients().stream()
                .filter(index -> !meant.contains(index))
                .toList();
        if (!others.isEmpty()) {
            putBack(position, whole.forRecipients(others));
        }
        QueuedMessage message = whole.forRecipients(meant);
        try {
            change(action, position, message);
            return new QueueChange(1, 0, 0);
        } catch (IOException failure) {
            LOG.error("{}: {} could not be recorded: {}", message.message().id(), action, failure.toString());
            putBack(position, message);
            return new QueueChange(0, 0, 1);
        }
    }

    private void change(QueueAction action, Position position, QueuedMessage message) throws IOException {
        DelayedQueue delayed = dispatcher.delayed();
        Instant now = clock.instant();
        switch (action) {
            case HOLD -> {
                Instant due = position.waiting().map(Waiting::due).orElse(now);
                record(message, new RecipientState(false, message.attempts(), due, true));
                delayed.keepOnHold(contexts.parked(message), ON_HOLD);
            }
            case RELEASE -> {
                record(message, new RecipientState(false, message.attempts(), now, false));
                dispatcher.active().add(message);
            }
            case RETRY -> dispatcher.active().add(message);
            case REMOVE -> {
                record(message, new RecipientState(true, message.attempts(), now, false));
                logRemoved(message.message().id(), message.envelope().recipients());
            }
        }
    }

    static void logRemoved(MessageId id, List<MailAddress> recipients) {
        LOG.info("{}: removed by an operator, to={}", id, recipients);
    }

    private void record(QueuedMessage message, RecipientState state) throws IOException {
        spool.record(
                message.message().id(),
                message.recipients().stream()
                        .map(index -> new RecipientUpdate(index, state))
                        .toList());
    }
}
