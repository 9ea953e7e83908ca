// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.Closeable;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.postern.spi.spool.RecipientUpdate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All messages that are in the log and not settled. Those that are held are in memory, and the engine has them; beyond a
 * bound they are parked: of these memory knows nothing, and an index on the disk says where they are.
 *
 * <p>The index is made when the first message is parked. It may be lost at any time, with a disk that is full or broken.
 * Then nothing more is parked, and nobody gets at what was, until the spool is opened anew and the log is read again. What
 * is held goes on.
 *
 * <p>Threading: read by all. Changed by the committing thread, and by the one that hands over; the monitor keeps the two
 * apart.
 */
final class Inventory implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(Inventory.class);

    /** What is due in so many seconds counts as due. */
    static final long SOON = 60;

    private final String where;
    private final InstantSource clock;
    private final ParkedIndex.Maker maker;
    private final Catalogue held = new Catalogue();
    private final Map<Long, Segment> segments = new ConcurrentHashMap<>();
    private final Set<Long> kept = new HashSet<>();
    private volatile ParkedIndex index;
    private volatile boolean lost;
    private volatile Runnable whenLost = () -> {};
    private volatile int most;
    private volatile int asleep;
    private volatile boolean behind;

    /**
     * @param where the spool, for people
     * @param parking how many messages are held, and what the index is made by
     */
    Inventory(String where, InstantSource clock, Parking parking) {
        this.where = where;
        this.clock = clock;
        this.maker = parking.maker();
        this.most = parking.maxHeld();
    }

    void holdAtMost(int messages) {
        most = messages;
    }

    /** Calls this once the index is lost, from whichever thread finds out; at once, if it is. */
    void whenLost(Runnable action) {
        whenLost = action;
        if (lost) {
            action.run();
        }
    }

    boolean isLost() {
        return lost;
    }

    /** @throws IndexLostException if the index is lost */
    void requireIndex() throws IndexLostException {
        if (lost) {
            throw new IndexLostException("nothing is found in it any more", null);
        }
    }

    /** Whether the index is lost and memory holds what it may. */
    boolean isOverfull() {
        return lost && held.size() >= most;
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    /**
     * A message, to be looked at.
     *
     * @throws IndexLostException if it is not held, and may be parked
     */
    Optional<Entry> find(long number) throws IndexLostException {
        Optional<Entry> entry = held.find(number);
        if (entry.isPresent() || index == null) {
            return entry;
        }
        Optional<Entry> parked = parked(number);
        // It may have been handed over between the two looks.
        return parked.isPresent() ? parked : held.find(number);
    }

    private Optional<Entry> parked(long number) throws IndexLostException {
        try {
            Optional<Parked> parked = index.find(number);
            Optional<Entry> entry = parked.flatMap(this::entry);
            while (parked.isPresent() && entry.isEmpty()) {
                parked = index.find(number);
                entry = parked.flatMap(this::entry);
            }
            return entry;
        } catch (IndexLostException failure) {
            lose(failure);
            throw failure;
        }
    }

    /** What the index said, to be looked at; nothing if that is no longer true, since its segment is gone. */
    Optional<Entry> entry(Parked parked) {
        return Optional.ofNullable(segments.get(parked.segment())).map(segment -> new Entry(parked, segment));
    }

    /**
     * Takes a message up that is in the log.
     *
     * @return whether it is held
     */
    synchronized boolean accept(Entry entry) {
        if (room() > 0 && !behind || !park(entry)) {
            held.add(entry);
            return true;
        }
        behind = true;
        return false;
    }

    /**
     * How many more messages may be held that are due. Those that wait for later leave room for as many again, since a try
     * is what lets them go.
     */
    int room() {
        long size = held.size();
        long room = Math.min(most - (size - asleep), 2L * most - size);
        return Math.clamp(room, 0, most);
    }

    private boolean park(Entry entry) {
        if (lost) {
            return false;
        }
        try {
            if (index == null) {
                index = maker.make();
            }
            Segment segment = entry.place().segment();
            segments.putIfAbsent(segment.number(), segment);
            index.put(entry.parked(now()));
            return true;
        } catch (IndexLostException failure) {
            lose(failure);
            return false;
        }
    }

    private void lose(IndexLostException failure) {
        if (!lost) {
            lost = true;
            LOG.error("spool {}: {}", where, failure.getMessage());
            whenLost.run();
        }
    }

    /** Notes states; the message, if it is gone by that. */
    synchronized Optional<Entry> update(long number, Collection<RecipientUpdate> updates) {
        return held.find(number).isPresent()
                ? held.update(number, updates)
                : changeParked(number, entry -> entry.settledBy(updates));
    }

    synchronized Optional<Entry> remove(long number) {
        Optional<Entry> removed = held.remove(number);
        return removed.isPresent() ? removed : changeParked(number, entry -> true);
    }

    /** A message has a new place in the log. */
    synchronized void move(long number, Segment segment, long offset) {
        Optional<Entry> entry = held.find(number);
        if (entry.isPresent()) {
            entry.get().moveTo(segment, offset);
        } else {
            changeParked(number, parked -> {
                parked.moveTo(segment, offset);
                segments.putIfAbsent(segment.number(), segment);
                return false;
            });
        }
    }

    /** If the index is lost meanwhile, the log still says what happened, and is read anew. */
    private Optional<Entry> changeParked(long number, Predicate<Entry> ends) {
        try {
            Optional<Entry> entry = index == null ? Optional.empty() : parked(number);
            if (entry.isEmpty()) {
                return entry;
            }
            if (!ends.test(entry.get())) {
                index.put(entry.get().parked(now()));
                return Optional.empty();
            }
            index.remove(number);
            entry.get().forget();
            return entry;
        } catch (IndexLostException failure) {
            lose(failure);
            return Optional.empty();
        }
    }

    /**
     * Parks a message that waits nowhere but where these updates say, if memory has more than it should.
     *
     * @return whether it is parked
     */
    synchronized boolean giveBack(long number, Collection<RecipientUpdate> updates) {
        Optional<Entry> entry = held.size() <= most
                ? Optional.empty()
                : held.find(number)
                        .filter(one -> one.waitsOnlyFor(updates))
                        .filter(one -> one.due(now()) > now() + SOON)
                        .filter(this::park);
        entry.ifPresent(one -> held.release(number));
        return entry.isPresent();
    }

    /** Counts what waits for later among what is held, where that matters. */
    void look() {
        long soon = now() + SOON;
        asleep = held.size() < most ? 0 : held.count(entry -> entry.due(soon) > soon);
    }

    /** Whether mail that is due is parked and a good part of the memory for it is free again. */
    boolean canCatchUp() {
        return behind && room() > most / 4;
    }

    /**
     * The most urgent of the parked messages that are due.
     *
     * @param atMost how many
     * @throws IndexLostException if nobody can tell
     */
    List<Parked> due(int atMost) throws IndexLostException {
        if (index == null || lost) {
            return List.of();
        }
        try {
            return index.due(now() + SOON, atMost);
        } catch (IndexLostException failure) {
            lose(failure);
            throw failure;
        }
    }

    /** Finds out whether what comes in now has to wait behind others. */
    synchronized void lookBehind() throws IndexLostException {
        behind = !due(1).isEmpty();
    }

    /**
     * Keeps a parked message from being handed over until {@link #release}, while something is noted about it.
     *
     * @return whether it is parked, and nobody else is at it
     * @throws IndexLostException if nobody can tell
     */
    synchronized boolean keep(long number) throws IndexLostException {
        return index != null && !isHeld(number) && parked(number).isPresent() && kept.add(number);
    }

    synchronized void release(long number) {
        kept.remove(number);
    }

    /**
     * Holds a parked message.
     *
     * @return whether it is held now; not, if anything about it has changed or changes just now
     */
    synchronized boolean take(Parked parked) {
        if (kept.contains(parked.number())) {
            return false;
        }
        try {
            Optional<Entry> entry =
                    index.find(parked.number()).filter(parked::isStill).flatMap(this::entry);
            if (entry.isPresent()) {
                held.add(entry.get());
                index.remove(parked.number());
            }
            return entry.isPresent();
        } catch (IndexLostException failure) {
            lose(failure);
            return held.find(parked.number()).isPresent();
        }
    }

    /**
     * Parked messages in the order of acceptance, a part of them at a time.
     *
     * @param number that of the last message of the part before
     * @throws IndexLostException if nobody can tell
     */
    List<Parked> parkedAfter(long number, int atMost) throws IndexLostException {
        try {
            return index == null ? List.of() : index.after(number, atMost);
        } catch (IndexLostException failure) {
            lose(failure);
            throw failure;
        }
    }

    /** What is held in memory. */
    Catalogue held() {
        return held;
    }

    /** Whether this message is in memory. */
    boolean isHeld(long number) {
        return held.find(number).isPresent();
    }

    long parkedCount() {
        return index == null ? 0 : index.size();
    }

    /** How many there are. */
    long size() {
        return held.size() + parkedCount();
    }

    /** A segment is gone: nothing is in it. */
    void dropped(Segment segment) {
        segments.remove(segment.number());
    }

    @Override
    public void close() {
        if (index != null) {
            index.close();
        }
    }
}
