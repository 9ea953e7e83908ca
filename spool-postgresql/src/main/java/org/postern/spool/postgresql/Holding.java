// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.RecipientUpdate;

/**
 * What this node holds, as far as it knows: the messages that the engine has in its queue.
 *
 * <p>Threading: any thread.
 */
final class Holding {

    /** What is due in so many seconds counts as due. */
    static final long SOON = 60;

    private final int most;
    private final Map<MessageId, Held> held = new ConcurrentHashMap<>();
    private final Set<MessageId> arriving = ConcurrentHashMap.newKeySet();
    private volatile int asleep;

    /** Shared by the threads that note what became of one message; the last one to write is as good as the first. */
    static final class Held {
        private final int recipients;
        private volatile long due;

        private Held(int recipients, long due) {
            this.recipients = recipients;
            this.due = due;
        }
    }

    /** @param most messages that are to be tried now */
    Holding(int most) {
        this.most = most;
    }

    /** A message is about to be stored in this node's name. */
    void begin(MessageId id) {
        arriving.add(id);
    }

    /** It was not, or not in this node's name. */
    void abandon(MessageId id) {
        arriving.remove(id);
    }

    /** It was. */
    void add(MessageId id, int recipients, long due) {
        held.put(id, new Held(recipients, due));
        arriving.remove(id);
    }

    void remove(MessageId id) {
        held.remove(id);
    }

    /**
     * It may be given back: until {@link #abandon}, {@link #add} or {@link #keep} it is neither held nor unknown.
     *
     * @return nothing if it was not held
     */
    Optional<Held> lend(MessageId id) {
        arriving.add(id);
        Optional<Held> lent = Optional.ofNullable(held.remove(id));
        if (lent.isEmpty()) {
            arriving.remove(id);
        }
        return lent;
    }

    /** It was not given back. */
    void keep(MessageId id, Held lent) {
        held.put(id, lent);
        arriving.remove(id);
    }

    /** Whether there is more than there may be of mail that is due, so that what is not has to go. */
    boolean isFull() {
        return held.size() > most;
    }

    /** How many recipients a message has; nothing if it is not held. */
    OptionalInt recipients(MessageId id) {
        Held one = held.get(id);
        return one == null ? OptionalInt.empty() : OptionalInt.of(one.recipients);
    }

    /** What was noted about recipients says when the message is tried next, unless it says so of a few of them only. */
    void noted(MessageId id, Collection<RecipientUpdate> updates) {
        Held one = held.get(id);
        if (one != null && updates.size() == one.recipients) {
            one.due = updates.stream()
                    .filter(update -> !update.state().settled())
                    .mapToLong(update -> PostgresqlSpool.due(update.state()))
                    .min()
                    .orElse(one.due);
        }
    }

    /** Counts what is not to be tried soon. */
    void look(long now) {
        asleep =
                (int) held.values().stream().filter(one -> one.due > now + SOON).count();
    }

    /** How many more messages that are due may come. Those that wait for later and could not be given back count once more. */
    int room() {
        int size = held.size();
        return Math.max(0, Math.min(most - (size - asleep), 2 * most - size));
    }

    /** How many more messages may come that are not due. */
    int roomForSleepers() {
        return Math.max(0, most - held.size());
    }

    int size() {
        return held.size();
    }

    /** Those of these that the database says are this node's, and that nobody here knows of. */
    Set<MessageId> unknown(Collection<MessageId> stored) {
        Set<MessageId> unknown = new HashSet<>(stored);
        // In this order: what has arrived is held before it no longer arrives.
        unknown.removeAll(arriving);
        unknown.removeAll(held.keySet());
        return unknown;
    }
}
