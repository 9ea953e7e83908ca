// SPDX-License-Identifier: Apache-2.0
package org.postern.core.limits;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.postern.core.cluster.Cluster;
import org.postern.spi.cluster.Register;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what each account is used for at each peer, and says whether there is room for more. What was counted outlives a
 * restart: a change is on disk a second later, or where there is very much of it, when a fiftieth of the time is enough to
 * write it.
 *
 * <p>Where relays share a queue they count together: what is taken here is taken from all, and the storage that they share is
 * asked for each.
 *
 * <p>Threading: safe for many threads; only {@link #save} touches the disk. To take and to give back may wait for the storage
 * that relays share.
 */
public final class LimitUsage {

    private static final Logger LOG = LoggerFactory.getLogger(LimitUsage.class);
    private static final int MOST_ACCOUNTS = 10_000;
    private static final int REST_AFTER_SAVING = 50;
    private static final Map<Counted, Long> LOGIN = Map.of(Counted.LOGINS, 1L);

    private static final int ATTEMPTS = 20;
    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

    private final Clock clock;
    private final Optional<LimitFile> file;
    private final Cluster cluster;
    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private final SharedCounts sharing;
    /** In the order of use, so that what has not been used for longest is forgotten first. */
    private final LinkedHashMap<Account, AccountUse> accounts = new LinkedHashMap<>(16, 0.75f, true);

    private final Map<String, Account> named = new HashMap<>();
    private boolean unsaved;
    private volatile boolean complained;
    private volatile long saveAgainAt = System.nanoTime();

    /**
     * There is no room.
     *
     * @param reason what follows the name of the account, for people
     * @param until when there will be, or when to ask again
     */
    public record Shortage(String reason, Instant until) {}

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

    /**
     * For one relay.
     *
     * @param file where the counts are kept; empty for counts that end with the process
     * @param cluster with whom they are shared
     */
    public LimitUsage(Clock clock, Optional<LimitFile> file, Cluster cluster) {
        this(clock, file, cluster, MOST_ACCOUNTS);
    }

    LimitUsage(Clock clock, Optional<LimitFile> file, Cluster cluster, int most) {
        this.clock = clock;
        this.file = file;
        this.cluster = cluster;
        this.most = most;
        this.sharing = new SharedCounts(cluster, lock);
        file.ifPresent(this::load);
        cluster.follow(SharedCounts.TOPIC, this::heard);
    }

    private void load(LimitFile kept) {
        try {
            for (LimitFile.Kept one : kept.read()) {
                of(one.account()).counts.put(new Counts.Kind(one.counted(), one.window()), one.parts());
            }
        } catch (IOException unreadable) {
            LOG.error(
                    "what accounts were used for cannot be read, so their limits begin anew: {}",
                    unreadable.toString());
        }
    }

    private void heard(Register register) {
        AccountUse use;
        lock.lock();
        try {
            use = Optional.ofNullable(named.get(register.name()))
                    .map(accounts::get)
                    .orElse(null);
        } finally {
            lock.unlock();
        }
        if (use != null) {
            sharing.heard(use, register);
        }
    }

    private Instant now() {
        return cluster.isShared() ? cluster.now() : clock.instant();
    }

    /** The limits of an account as they were asked for last. */
    public CredentialLimits inForce(Account account) {
        lock.lock();
        try {
            return Optional.ofNullable(accounts.get(account))
                    .map(use -> use.inForce)
                    .orElse(CredentialLimits.NONE);
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
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Change change;
            lock.lock();
            try {
                AccountUse use = of(account);
                use.inForce = limits;
                Optional<Shortage> shortage = use.counts.shortage(limits, wanted, now());
                if (shortage.isPresent()) {
                    return shortage;
                }
                use.counts.add(limits, wanted, now());
                change = changed(use);
            } finally {
                lock.unlock();
            }
            switch (tell(account, limits, change)) {
                case HOLDS -> {
                    return Optional.empty();
                }
                case BEATEN -> {}
                case UNKNOWN -> {
                    undo(change, limits, wanted);
                    return Optional.of(uncounted("the other relays, which count it too, are not heard"));
                }
            }
        }
        return Optional.of(uncounted("all relays use it at once"));
    }

    /** A change to the counts of an account. */
    private record Change(AccountUse use, long number, long epoch) {}

    private Change changed(AccountUse use) {
        unsaved = true;
        use.changes++;
        return new Change(use, use.changes, use.epoch);
    }

    private SharedCounts.Told tell(Account account, CredentialLimits limits, Change change) {
        return cluster.isShared() && !limits.rates().isEmpty()
                ? sharing.tell(account, change.use(), change.number(), change.epoch())
                : SharedCounts.Told.HOLDS;
    }

    private void undo(Change change, CredentialLimits limits, Map<Counted, Long> wanted) {
        lock.lock();
        try {
            if (change.use().epoch == change.epoch()) {
                change.use().counts.takeBack(limits, wanted);
                change.use().changes++;
            }
        } finally {
            lock.unlock();
        }
    }

    private Shortage uncounted(String reason) {
        return new Shortage("cannot be used now: " + reason, clock.instant().plus(ASK_AGAIN));
    }

    private Optional<Shortage> shortage(Account account, CredentialLimits limits, Map<Counted, Long> wanted) {
        lock.lock();
        try {
            return of(account).counts.shortage(limits, wanted, now());
        } finally {
            lock.unlock();
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

    /** What cannot be given back stays counted, which breaks no limit. */
    private void giveBack(Account account, CredentialLimits limits, Map<Counted, Long> unused) {
        if (unused.values().stream().allMatch(count -> count == 0)) {
            return;
        }
        SharedCounts.Told told = SharedCounts.Told.BEATEN;
        for (int attempt = 0; attempt < ATTEMPTS && told == SharedCounts.Told.BEATEN; attempt++) {
            Change change;
            lock.lock();
            try {
                AccountUse use = of(account);
                use.counts.takeBack(limits, unused);
                change = changed(use);
            } finally {
                lock.unlock();
            }
            told = tell(account, limits, change);
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
            Counts counts = of(account).counts;
            Instant now = now();
            return limits.rates().stream()
                    .map(rate -> new Used(rate, counts.used(rate, now)))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    private AccountUse of(Account account) {
        AccountUse known = accounts.get(account);
        if (known != null) {
            return known;
        }
        AccountUse fresh = new AccountUse(cluster.isShared());
        accounts.put(account, fresh);
        if (cluster.isShared()) {
            named.put(account.sharedName(), account);
        }
        if (accounts.size() > most) {
            forget(accounts.keySet().iterator().next());
        }
        return fresh;
    }

    private void forget(Account account) {
        accounts.remove(account);
        if (cluster.isShared()) {
            named.remove(account.sharedName());
        }
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
            all = kept(now());
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
        List<Account> over = new ArrayList<>();
        accounts.forEach((account, use) -> {
            if (use.counts.isOver(now)) {
                over.add(account);
            }
            use.counts.forEach(
                    (kind, parts) -> all.add(new LimitFile.Kept(account, kind.counted(), kind.window(), parts)));
        });
        over.forEach(this::forget);
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
