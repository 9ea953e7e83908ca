// SPDX-License-Identifier: Apache-2.0
package org.postern.core.limits;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what each account is used for at each peer, and says whether there is room for more. What was counted outlives a
 * restart: a change is on disk a second later, or where there is very much of it, when a fiftieth of the time is enough to
 * write it.
 *
 * <p>Threading: safe for many threads; only {@link #save} touches the disk.
 */
public final class LimitUsage {

    private static final Logger LOG = LoggerFactory.getLogger(LimitUsage.class);
    private static final int MOST_ACCOUNTS = 10_000;
    private static final int REST_AFTER_SAVING = 50;
    private static final Map<Counted, Long> LOGIN = Map.of(Counted.LOGINS, 1L);

    private final Clock clock;
    private final Optional<LimitFile> file;
    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    /** In the order of use, so that what has not been used for longest is forgotten first. */
    private final LinkedHashMap<Account, Map<Kind, SlidingCount>> accounts = new LinkedHashMap<>(16, 0.75f, true);

    private final Map<Account, CredentialLimits> inForce = new HashMap<>();
    private boolean unsaved;
    private volatile boolean complained;
    private volatile long saveAgainAt = System.nanoTime();

    private record Kind(Counted counted, Rate.Window window) {

        static Kind of(Rate rate) {
            return new Kind(rate.counted(), rate.window());
        }
    }

    /**
     * There is no room.
     *
     * @param rate under which limit
     * @param until when there will be
     */
    public record Shortage(Rate rate, Instant until) {}

    /**
     * How much room there is.
     *
     * @param logins how many may begin
     * @param messages how many may go
     * @param recipients for how many recipients all together
     */
    public record Room(long logins, long messages, long recipients) {}

    /**
     * How far a limit is used up.
     *
     * @param rate the limit
     * @param used how many there were in its time
     */
    public record Used(Rate rate, long used) {}

    /** @param file where the counts are kept; empty for counts that end with the process */
    public LimitUsage(Clock clock, Optional<LimitFile> file) {
        this(clock, file, MOST_ACCOUNTS);
    }

    LimitUsage(Clock clock, Optional<LimitFile> file, int most) {
        this.clock = clock;
        this.file = file;
        this.most = most;
        file.ifPresent(this::load);
    }

    private void load(LimitFile kept) {
        try {
            for (LimitFile.Kept one : kept.read()) {
                of(one.account())
                        .put(
                                new Kind(one.counted(), one.window()),
                                new SlidingCount(one.window().length(), one.parts()));
            }
        } catch (IOException unreadable) {
            LOG.error(
                    "what accounts were used for cannot be read, so their limits begin anew: {}",
                    unreadable.toString());
        }
    }

    /** The limits of an account as they were asked for last. */
    public CredentialLimits inForce(Account account) {
        lock.lock();
        try {
            return inForce.getOrDefault(account, CredentialLimits.NONE);
        } finally {
            lock.unlock();
        }
    }

    /** Counts a message for so many recipients, if there is room for it; else nothing is counted. */
    public Optional<Shortage> takeMessage(Account account, CredentialLimits limits, int recipients) {
        return take(account, limits, forMessage(recipients));
    }

    /** Whether there is room for a message for so many recipients; one for more than a limit allows goes alone. */
    public boolean fits(Account account, CredentialLimits limits, int recipients) {
        return shortage(account, limits, forMessage(recipients)).isEmpty();
    }

    /** What stands against the smallest of messages now. */
    public Optional<Shortage> messageShortage(Account account, CredentialLimits limits) {
        return shortage(account, limits, forMessage(1));
    }

    private static Map<Counted, Long> forMessage(int recipients) {
        return Map.of(Counted.MESSAGES, 1L, Counted.RECIPIENTS, (long) recipients);
    }

    /** What stands against a login now. */
    public Optional<Shortage> loginShortage(Account account, CredentialLimits limits) {
        return shortage(account, limits, LOGIN);
    }

    /** Counts a login, if there is room for it. */
    public Optional<Shortage> takeLogin(Account account, CredentialLimits limits) {
        return take(account, limits, LOGIN);
    }

    private Optional<Shortage> take(Account account, CredentialLimits limits, Map<Counted, Long> wanted) {
        lock.lock();
        try {
            inForce.put(account, limits);
            Optional<Shortage> longest = shortage(account, limits, wanted);
            if (longest.isEmpty()) {
                add(account, limits, wanted, clock.instant());
            }
            return longest;
        } finally {
            lock.unlock();
        }
    }

    private Optional<Shortage> shortage(Account account, CredentialLimits limits, Map<Counted, Long> wanted) {
        lock.lock();
        try {
            Instant now = clock.instant();
            return limits.rates().stream()
                    .filter(rate -> wanted.containsKey(rate.counted()))
                    .flatMap(rate -> shortage(account, rate, wanted.get(rate.counted()), now).stream())
                    .max(Comparator.comparing(Shortage::until));
        } finally {
            lock.unlock();
        }
    }

    private Optional<Shortage> shortage(Account account, Rate rate, long wanted, Instant now) {
        SlidingCount count = count(account, rate);
        long before = Math.max(0, rate.most() - wanted);
        return count.at(now) <= before ? Optional.empty() : Optional.of(new Shortage(rate, count.downTo(before, now)));
    }

    private void add(Account account, CredentialLimits limits, Map<Counted, Long> wanted, Instant now) {
        for (Rate rate : limits.rates()) {
            if (wanted.containsKey(rate.counted())) {
                count(account, rate).add(wanted.get(rate.counted()), now);
                unsaved = true;
            }
        }
    }

    /** A message that was counted did not go, or not to so many of its recipients. */
    public void giveBack(Account account, CredentialLimits limits, int messages, int recipients) {
        giveBack(account, limits, Map.of(Counted.MESSAGES, (long) messages, Counted.RECIPIENTS, (long) recipients));
    }

    /** A login that was counted did not take place. */
    public void giveBackLogin(Account account, CredentialLimits limits) {
        giveBack(account, limits, LOGIN);
    }

    private void giveBack(Account account, CredentialLimits limits, Map<Counted, Long> unused) {
        lock.lock();
        try {
            for (Rate rate : limits.rates()) {
                count(account, rate).takeBack(unused.getOrDefault(rate.counted(), 0L));
            }
            unsaved = true;
        } finally {
            lock.unlock();
        }
    }

    /** What could be taken now. */
    public Room room(Account account, CredentialLimits limits) {
        return new Room(
                room(account, limits, Counted.LOGINS),
                room(account, limits, Counted.MESSAGES),
                room(account, limits, Counted.RECIPIENTS));
    }

    private long room(Account account, CredentialLimits limits, Counted counted) {
        return used(account, limits).stream()
                .filter(one -> one.rate().counted() == counted)
                .mapToLong(one -> Math.max(0, one.rate().most() - one.used()))
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** How far each limit is used up. */
    public List<Used> used(Account account, CredentialLimits limits) {
        lock.lock();
        try {
            Instant now = clock.instant();
            return limits.rates().stream()
                    .map(rate -> new Used(rate, count(account, rate).at(now)))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    private SlidingCount count(Account account, Rate rate) {
        return of(account)
                .computeIfAbsent(
                        Kind.of(rate), kind -> new SlidingCount(kind.window().length()));
    }

    private Map<Kind, SlidingCount> of(Account account) {
        Map<Kind, SlidingCount> counts = accounts.computeIfAbsent(account, fresh -> new HashMap<>());
        if (accounts.size() > most) {
            Account eldest = accounts.keySet().iterator().next();
            accounts.remove(eldest);
            inForce.remove(eldest);
        }
        return counts;
    }

    /** Writes what has changed. To be called every second or so, and at the end. */
    public void save() {
        if (file.isEmpty() || System.nanoTime() - saveAgainAt < 0) {
            return;
        }
        saveNow();
    }

    /** Writes what has changed, however soon after the last time. */
    public void saveNow() {
        if (file.isEmpty()) {
            return;
        }
        long begun = System.nanoTime();
        try {
            write(file.get());
            complained = false;
        } catch (IOException failed) {
            again();
            if (!complained) {
                LOG.error("what accounts were used for cannot be kept: {}", failed.toString());
            }
            complained = true;
        }
        long end = System.nanoTime();
        saveAgainAt = end + (end - begun) * REST_AFTER_SAVING;
    }

    private void write(LimitFile target) throws IOException {
        List<LimitFile.Kept> all;
        lock.lock();
        try {
            if (!unsaved) {
                return;
            }
            unsaved = false;
            all = kept(clock.instant());
        } finally {
            lock.unlock();
        }
        target.write(all);
    }

    private void again() {
        lock.lock();
        try {
            unsaved = true;
        } finally {
            lock.unlock();
        }
    }

    private List<LimitFile.Kept> kept(Instant now) {
        List<LimitFile.Kept> all = new ArrayList<>();
        accounts.forEach((account, counts) -> {
            counts.values().removeIf(count -> count.at(now) == 0);
            counts.forEach((kind, count) ->
                    all.add(new LimitFile.Kept(account, kind.counted(), kind.window(), new HashMap<>(count.parts()))));
        });
        accounts.values().removeIf(Map::isEmpty);
        inForce.keySet().retainAll(accounts.keySet());
        return all;
    }

    int size() {
        lock.lock();
        try {
            return accounts.size();
        } finally {
            lock.unlock();
        }
    }
}
