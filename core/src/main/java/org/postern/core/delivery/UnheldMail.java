// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.postern.engine.QueueAction;
import org.postern.engine.dto.QueueChange;
import org.postern.engine.dto.QueueEntry;
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.RecipientState;
import org.postern.spi.spool.RecipientUpdate;
import org.postern.spi.spool.Spool;
import org.postern.spi.spool.SpooledMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mail that waits in the spool and that no process has in memory, for operators. However much it is, one message after the
 * other is looked at.
 *
 * <p>Threading: safe for many threads.
 */
@Singleton
final class UnheldMail {

    static final String NOT_IN_MEMORY = "no relay has it in memory";

    private static final Logger LOG = LoggerFactory.getLogger(UnheldMail.class);

    private final Dispatcher dispatcher;
    private final Spool spool;
    private final Clock clock;

    @Inject
    UnheldMail(Dispatcher dispatcher, Spool spool, Clock clock) {
        this.dispatcher = dispatcher;
        this.spool = spool;
        this.clock = clock;
    }

    /**
     * Hands out what is meant, all entries of a message one after another.
     *
     * @param known messages that were met in memory a moment ago
     * @throws IOException if the spool cannot be read
     */
    void visit(Matching matching, Predicate<MessageId> known, Consumer<QueueEntry> visitor) throws IOException {
        try {
            look(matching.ids(), message -> {
                if (!known.test(message.id())) {
                    meant(message, matching).forEach(one -> visitor.accept(one.entry(matching)));
                }
            });
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted before all was read that waits in the spool alone");
        }
    }

    private interface Visitor {
        void accept(SpooledMessage message) throws InterruptedException;
    }

    /** @param ids those to look for; all if there are none */
    private void look(Set<MessageId> ids, Visitor visitor) throws IOException, InterruptedException {
        try {
            if (ids.isEmpty()) {
                spool.visitUnheld(message -> show(message, visitor));
                return;
            }
            for (MessageId id : ids) {
                spool.findUnheld(id).ifPresent(message -> show(message, visitor));
            }
        } catch (Interrupted interrupted) {
            throw interrupted.how;
        } catch (IOException failed) {
            throw new IOException("what waits in the spool alone could not be read: " + failed.getMessage(), failed);
        }
    }

    // Whoever asked may have gone away, and there may be much more to come.
    private static void show(SpooledMessage message, Visitor visitor) {
        try {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            visitor.accept(message);
        } catch (InterruptedException interrupted) {
            throw new Interrupted(interrupted);
        }
    }

    private Stream<Candidate> meant(SpooledMessage message, Matching matching) {
        Instant now = clock.instant();
        return dispatcher.parts(message, message.context()).stream()
                .map(part -> candidate(part, now))
                .filter(one -> one.isMeant(matching));
    }

    private static Candidate candidate(Dispatcher.Part part, Instant now) {
        if (part.onHold()) {
            return new Candidate(
                    part.message(), QueueEntry.State.ON_HOLD, Optional.empty(), Optional.of(QueueDesk.ON_HOLD), false);
        }
        boolean later = part.due().isAfter(now);
        return new Candidate(
                part.message(),
                later ? QueueEntry.State.DELAYED : QueueEntry.State.READY,
                Optional.of(part.due()).filter(due -> later),
                Optional.of(NOT_IN_MEMORY),
                false);
    }

    /**
     * Begins the changes of all that is meant.
     *
     * @param known messages that were met in memory a moment ago
     * @throws IOException if the spool cannot be read; what was begun by then is carried out
     * @throws InterruptedException the same
     */
    void change(QueueAction action, Matching matching, Predicate<MessageId> known, Changes changes)
            throws IOException, InterruptedException {
        look(matching.ids(), message -> {
            if (!known.test(message.id())) {
                begin(action, message, matching, changes);
            }
        });
    }

    /** Gets an interruption out of a visit. */
    private static final class Interrupted extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient InterruptedException how;

        private Interrupted(InterruptedException how) {
            super(null, how, false, false);
            this.how = how;
        }
    }

    private void begin(QueueAction action, SpooledMessage message, Matching matching, Changes changes)
            throws InterruptedException {
        List<Candidate> meant = meant(message, matching).toList();
        List<Candidate> concerned = meant.stream()
                .filter(one -> Candidate.concerns(action, one.state()))
                .toList();
        changes.leaveAlone(meant.size() - concerned.size());
        if (concerned.isEmpty()) {
            return;
        }
        List<RecipientUpdate> updates = concerned.stream()
                .flatMap(one -> matching.recipients(one.message()).stream())
                .map(index -> new RecipientUpdate(
                        index, after(action, message.states().get(index))))
                .toList();
        changes.begin(concerned.size(), () -> change(action, message, updates, concerned.size()));
    }

    private RecipientState after(QueueAction action, RecipientState before) {
        Instant now = clock.instant();
        return switch (action) {
            case HOLD -> new RecipientState(false, before.attempts(), before.due(), true);
            case RELEASE, RETRY -> new RecipientState(false, before.attempts(), now, false);
            case REMOVE -> new RecipientState(true, before.attempts(), now, false);
        };
    }

    private QueueChange change(QueueAction action, SpooledMessage message, List<RecipientUpdate> updates, int entries) {
        try {
            if (!spool.recordUnheld(message, updates)) {
                return new QueueChange(0, entries, 0);
            }
            if (action == QueueAction.REMOVE) {
                QueueDesk.logRemoved(
                        message.id(),
                        updates.stream()
                                .map(update -> message.envelope().recipients().get(update.index()))
                                .toList());
            }
            return new QueueChange(entries, 0, 0);
        } catch (IOException failure) {
            LOG.error("{}: {} could not be recorded: {}", message.id(), action, failure.toString());
            return new QueueChange(0, 0, entries);
        }
    }
}
