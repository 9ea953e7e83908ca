// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.postern.credential.vault.file.VaultFile;
import org.postern.credential.vault.kdbx.UnreadableVaultException;
import org.postern.credential.vault.key.MalformedKeyException;
import org.postern.spi.credential.CredentialUpdate;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.SecretWrapping;
import org.postern.spi.credential.UpdateResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An index over a vault file that follows the file. Lookups read one field; whoever comes first after the interval looks
 * at the file, and opens it again if it changed, while the others are answered from what is there.
 *
 * <p>A vault that is gone, damaged or locked by another key answers nothing at all: how long a value that was read
 * earlier may be used is the engine's decision, not the store's.
 */
final class WatchedVault {

    /** How long a look at the file is good for. */
    static final Duration INTERVAL = Duration.ofMillis(500);

    private static final Logger LOG = LoggerFactory.getLogger(WatchedVault.class);

    private final VaultFile file;
    private final InstantSource clock;
    private final LongSupplier ticks;
    private final SecretWrapping wrapping = new SecretWrapping();
    private final NextVersions nextVersions = new NextVersions();
    private final ReentrantLock refreshing = new ReentrantLock();
    private volatile State state = new State.Closed("the vault was not opened yet");
    private volatile long looked;

    private FileIdentity vaultSeen;
    private FileIdentity keySeen;
    private boolean mayPass;
    private Instant newest = Instant.MIN;
    private Map<String, String> announced = Map.of();
    private boolean announcedOpen;

    WatchedVault(VaultFile file, InstantSource clock, LongSupplier ticks) {
        this.file = Objects.requireNonNull(file, "file");
        this.clock = clock;
        this.ticks = ticks;
        // Who asks sees the first state as it is; only what changes afterwards is news.
        poll();
    }

    private sealed interface State {

        record Open(VaultIndex index) implements State {}

        record Closed(String reason) implements State {}
    }

    /** What listeners are to be told. */
    sealed interface Change {

        /** These keys have other answers than before. */
        record Keys(Set<String> keys) implements Change {}

        /** The vault can be asked again. */
        record Reopened() implements Change {}
    }

    Lookup lookup(String key) {
        if (ticks.getAsLong() - looked >= INTERVAL.toNanos() && refreshing.tryLock()) {
            try {
                refresh();
            } finally {
                refreshing.unlock();
            }
        }
        return switch (state) {
            case State.Open open -> open.index().answer(key, clock.instant());
            case State.Closed closed -> new Lookup.StoreUnavailable(closed.reason());
        };
    }

    /** Writes an entry; lookups answer with it from the return on. */
    UpdateResult update(CredentialUpdate update) {
        return seen(new EntryUpdate(update, clock.instant()).applyTo(file));
    }

    /** Makes the coming password of an entry the present one; lookups answer with it from the return on. */
    UpdateResult promote(String key, CredentialVersion next) {
        return seen(new EntryPromotion(key, next, nextVersions, clock.instant()).applyTo(file));
    }

    private UpdateResult seen(UpdateResult result) {
        refreshing.lock();
        try {
            refresh();
        } finally {
            refreshing.unlock();
        }
        return result;
    }

    /** Looks at the file and says what is new since the last call; for one caller. */
    Change poll() {
        refreshing.lock();
        try {
            refresh();
            return news();
        } finally {
            refreshing.unlock();
        }
    }

    private void refresh() {
        looked = ticks.getAsLong();
        // Taken before the content: a change in between is then seen at the next look.
        FileIdentity vault = FileIdentity.ofVault(file.path());
        FileIdentity key = FileIdentity.ofKey(file.key().file());
        if (!mayPass && vault.equals(vaultSeen) && key.equals(keySeen)) {
            return;
        }
        vaultSeen = vault;
        keySeen = key;
        open();
    }

    private void open() {
        try {
            // Before the vault itself: a writer notes the count after it has replaced the vault.
            long noted = file.generationSeen();
            VaultIndex index = file.read(document -> VaultIndex.of(document, wrapping, nextVersions));
            mayPass = false;
            warnOfRollback(index, noted);
            LOG.info("vault {} opened: {} entries", file.path(), index.size());
            state = new State.Open(index);
        } catch (IOException unreadable) {
            mayPass =
                    !(unreadable instanceof UnreadableVaultException) && !(unreadable instanceof MalformedKeyException);
            close(unreadable.getMessage());
        } catch (RuntimeException ours) {
            // A state that cannot be read must not end the watch. The text may quote content, so it is not told.
            mayPass = false;
            close("vault " + file.path() + " cannot be used: " + ours.getClass().getSimpleName());
        }
    }

    private void close(String reason) {
        if (!(state instanceof State.Closed closed && closed.reason().equals(reason))) {
            LOG.warn("{}", reason);
        }
        state = new State.Closed(reason);
    }

    private void warnOfRollback(VaultIndex index, long noted) {
        if (index.generation() < noted) {
            LOG.warn(
                    "vault {} is older than what was written last (change {} of {}): restored from a copy?",
                    file.path(),
                    index.generation(),
                    noted);
        } else if (index.newest().isBefore(newest)) {
            LOG.warn(
                    "vault {} is older than what was read before (last change {}, was {}): restored from a copy?",
                    file.path(),
                    index.newest(),
                    newest);
        }
        newest = index.newest();
    }

    private Change news() {
        return switch (state) {
            case State.Closed closed -> {
                announcedOpen = false;
                yield new Change.Keys(Set.of());
            }
            case State.Open open -> news(open.index().fingerprints(clock.instant()));
        };
    }

    private Change news(Map<String, String> now) {
        boolean reopened = !announcedOpen;
        Set<String> changed = differences(announced, now);
        announced = now;
        announcedOpen = true;
        return reopened ? new Change.Reopened() : new Change.Keys(changed);
    }

    private static Set<String> differences(Map<String, String> before, Map<String, String> now) {
        Set<String> keys = new HashSet<>(before.keySet());
        keys.addAll(now.keySet());
        keys.removeIf(key -> Objects.equals(before.get(key), now.get(key)));
        return keys;
    }
}
