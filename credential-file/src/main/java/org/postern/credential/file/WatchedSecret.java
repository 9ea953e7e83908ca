// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.file;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Validity;
import org.postern.spi.text.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One key, followed. Another state counts once it has been still for a while, so that a file that is being written is not
 * taken for a secret; one that would take the secret away has to be still for longer, because an editor, a full disk or a
 * copy that takes its time look like that. Until then the last good state answers.
 *
 * <p>Threading: any thread; whoever looks first after the interval does so for the others, who are answered from what is
 * there.
 */
final class WatchedSecret {

    /** How long a look is good for. */
    static final Duration INTERVAL = Duration.ofMillis(500);

    /** How long a new secret has to be still. */
    static final Duration STILL = Duration.ofMillis(500);

    /** How long a state without a usable secret has to be still. */
    static final Duration LOST = Duration.ofSeconds(10);

    /** How long the content is compared although the file looks the same: clocks of file systems tick slowly. */
    static final Duration COARSE = Duration.ofSeconds(3);

    private static final int ATTEMPTS = 3;
    private static final Logger LOG = LoggerFactory.getLogger(WatchedSecret.class);

    private final String key;
    private final SecretFolders folders;
    private final Function<Sighting, Reading> reader;
    private final LongSupplier ticks;
    private final ReentrantLock looking = new ReentrantLock();
    private final Versions versions = new Versions();
    private volatile Lookups current;
    private volatile long looked;

    private Sighting seen;
    /** Whether what was seen last has been read; if not, nobody knows its content, however long ago that is. */
    private boolean seenIsRead;

    private long seenSince;
    private Reading latest;
    private long latestSince;
    private Reading accepted;
    private boolean news;

    /** Answers without giving anything away before it is asked to. */
    private interface Lookups {
        Lookup answer();
    }

    WatchedSecret(String key, SecretFolders folders, Function<Sighting, Reading> reader, LongSupplier ticks) {
        this.key = key;
        this.folders = folders;
        this.reader = reader;
        this.ticks = ticks;
    }

    /** Answers with what is known, after a look if the last one is too long ago. */
    Lookup lookup() {
        Lookups known = current;
        if (known == null) {
            looking.lock();
        } else if (ticks.getAsLong() - looked < INTERVAL.toNanos() || !looking.tryLock()) {
            return known.answer();
        }
        try {
            look(false);
        } finally {
            looking.unlock();
        }
        return current.answer();
    }

    /** Answers after a look, and takes a new secret at once: the one before was refused. */
    Lookup lookupAnew() {
        looking.lock();
        try {
            look(true);
        } finally {
            looking.unlock();
        }
        return current.answer();
    }

    /** Looks, and says whether the answer is another one than at the last call; for one caller. */
    boolean poll() {
        looking.lock();
        try {
            look(false);
            boolean changed = news;
            news = false;
            return changed;
        } finally {
            looking.unlock();
        }
    }

    private void look(boolean atOnce) {
        long now = ticks.getAsLong();
        looked = now;
        Reading reading = read(now);
        if (latest == null || !latest.equals(reading)) {
            latest = reading;
            latestSince = now;
            complain(reading);
        }
        if (accepted == null || !accepted.equals(reading) && isStill(reading, now, atOnce)) {
            accept(reading);
        }
    }

    private Reading read(long now) {
        boolean settled = seenIsRead && now - seenSince >= COARSE.toNanos();
        if (settled && folders.wouldShow(seen)) {
            return latest;
        }
        Sighting sighting = folders.look(key);
        if (settled && sighting.equals(seen)) {
            return latest;
        }
        if (!sighting.equals(seen)) {
            seen = sighting;
            seenSince = now;
        }
        for (int i = 0; i < ATTEMPTS; i++) {
            Reading reading = reader.apply(seen);
            // All parts were there at once only if none has changed since before the first was read.
            Sighting after = folders.look(key);
            seenIsRead = after.equals(seen);
            if (seenIsRead) {
                return reading;
            }
            seen = after;
            seenSince = now;
        }
        return new Reading.Unusable("the files of " + Printable.quoted(key) + " are being changed without a pause");
    }

    private boolean isStill(Reading reading, long now, boolean atOnce) {
        long since = now - latestSince;
        return switch (reading) {
            case Reading.Present present -> atOnce || since >= STILL.toNanos();
            case Reading.Absent absent -> !(accepted instanceof Reading.Present) || since >= LOST.toNanos();
            case Reading.Unusable unusable -> !(accepted instanceof Reading.Present) || since >= LOST.toNanos();
        };
    }

    private void complain(Reading reading) {
        // A folder that is not there is no news of each key that another store may know.
        if (reading instanceof Reading.Unusable unusable
                && (seen instanceof Sighting.Parts || accepted instanceof Reading.Present)) {
            LOG.warn(
                    "secret {}: {}{}",
                    Printable.quoted(key),
                    unusable.reason(),
                    accepted instanceof Reading.Present ? "; what was read before is used meanwhile" : "");
        }
    }

    private void accept(Reading reading) {
        // Who asks sees the first state as it is; only what changes afterwards is news.
        if (accepted != null) {
            LOG.info("secret {} has changed", Printable.quoted(key));
            news = true;
        }
        accepted = reading;
        current = answers(reading);
    }

    private Lookups answers(Reading reading) {
        return switch (reading) {
            case Reading.Absent absent -> () -> new Lookup.NoSuchCredential(absent.reason());
            case Reading.Unusable unusable -> () -> new Lookup.StoreUnavailable(unusable.reason());
            case Reading.Present present -> {
                versions.know(present);
                CredentialVersion version = versions.of(present.current());
                Optional<CredentialVersion> next = present.next().map(versions::of);
                yield () -> new Lookup.Found(
                        credential(present, present.current(), version),
                        next.map(coming -> credential(present, present.next().orElseThrow(), coming)));
            }
        };
    }

    private static Credential credential(Reading.Present present, Material material, CredentialVersion version) {
        return new PasswordCredential(
                material.user(),
                material.password().unwrap(),
                version,
                present.mechanism(),
                present.hosts(),
                new Validity(Optional.of(material.changed()), Optional.empty()));
    }

    /** The key only. */
    @Override
    public String toString() {
        return "WatchedSecret[" + Printable.quoted(key) + "]";
    }
}
