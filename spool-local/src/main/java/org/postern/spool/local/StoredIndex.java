// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.LongDataType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The index in an MVStore: a map from numbers to places, and one that is sorted by due times. Of its file only the pages
 * in use are in memory, and room in it is used again at once, since no older state of it is ever wanted.
 */
final class StoredIndex implements ParkedIndex {

    private static final Logger LOG = LoggerFactory.getLogger(StoredIndex.class);

    private static final int CACHE_MB = 16;
    private static final int UNSAVED_KB = 4096;

    private final MVStore store;
    private final MVMap<Long, Parked> places;
    private final MVMap<DueTime, Boolean> dueTimes;
    private final Optional<Path> file;
    /** What went wrong first, be it in the library's own thread. */
    private final AtomicReference<Throwable> failure;

    private StoredIndex(MVStore store, Optional<Path> file, AtomicReference<Throwable> failure) {
        this.store = store;
        this.file = file;
        this.failure = failure;
        this.places = store.openMap(
                "places",
                new MVMap.Builder<Long, Parked>().keyType(LongDataType.INSTANCE).valueType(new ParkedType()));
        this.dueTimes = store.openMap(
                "due",
                new MVMap.Builder<DueTime, Boolean>().keyType(new DueTimeType()).valueType(new PresenceType()));
    }

    /**
     * Makes an empty index in a file of this name; one that is there is of an earlier life, and goes.
     *
     * @throws IndexLostException if the file cannot be made
     */
    static StoredIndex inFile(Path file) throws IndexLostException {
        try {
            Files.deleteIfExists(file);
            // By us and for the owner alone: the library would follow a link that somebody puts there.
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            return open(new MVStore.Builder().fileName(file.toAbsolutePath().toString()), Optional.of(file));
        } catch (IOException | RuntimeException failure) {
            throw new IndexLostException(failure.toString(), failure);
        }
    }

    /** Makes an index that is in memory alone, and as large as what is parked. */
    static StoredIndex inMemory() {
        return open(new MVStore.Builder(), Optional.empty());
    }

    private static StoredIndex open(MVStore.Builder builder, Optional<Path> file) {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        MVStore store = builder.cacheSize(CACHE_MB)
                .autoCommitBufferSize(UNSAVED_KB)
                .backgroundExceptionHandler((thread, thrown) -> failure.compareAndSet(null, thrown))
                .open();
        store.setRetentionTime(0);
        store.setVersionsToKeep(0);
        return new StoredIndex(store, file, failure);
    }

    @Override
    public Optional<Parked> find(long number) throws IndexLostException {
        return guarded(() -> Optional.ofNullable(places.get(number)));
    }

    @Override
    public void put(Parked parked) throws IndexLostException {
        guarded(() -> {
            Parked before = places.put(parked.number(), parked);
            if (before == null || before.due() != parked.due()) {
                forgetDueTime(before);
                dueTimes.put(DueTime.of(parked), Boolean.TRUE);
            }
            return null;
        });
    }

    @Override
    public void remove(long number) throws IndexLostException {
        guarded(() -> {
            forgetDueTime(places.remove(number));
            return null;
        });
    }

    private void forgetDueTime(Parked before) {
        if (before != null) {
            dueTimes.remove(DueTime.of(before));
        }
    }

    @Override
    public long size() {
        return places.sizeAsLong();
    }

    @Override
    public List<Parked> due(long until, int most) throws IndexLostException {
        return guarded(() -> {
            List<Parked> due = new ArrayList<>();
            Iterator<DueTime> times = dueTimes.keyIterator(null);
            while (due.size() < most && times.hasNext()) {
                DueTime next = times.next();
                if (next.at() > until) {
                    break;
                }
                Optional.ofNullable(places.get(next.number())).ifPresent(due::add);
            }
            return due;
        });
    }

    @Override
    public List<Parked> after(long number, int most) throws IndexLostException {
        return guarded(() -> {
            List<Parked> following = new ArrayList<>();
            Iterator<Long> numbers = places.keyIterator(number + 1);
            while (following.size() < most && numbers.hasNext()) {
                Optional.ofNullable(places.get(numbers.next())).ifPresent(following::add);
            }
            return following;
        });
    }

    /**
     * Whatever the library throws means the same: what it has is not to be relied on any more. A thread that comes here
     * with an interrupt keeps it for later, since it would close the file for all.
     */
    private <T> T guarded(Supplier<T> work) throws IndexLostException {
        boolean interrupted = Thread.interrupted();
        try {
            if (failure.get() != null) {
                throw new IndexLostException(failure.get().toString(), failure.get());
            }
            return work.get();
        } catch (RuntimeException thrown) {
            failure.compareAndSet(null, thrown);
            store.closeImmediately();
            throw new IndexLostException(thrown.toString(), thrown);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        failure.compareAndSet(null, new IllegalStateException("closed"));
        store.closeImmediately();
        try {
            if (file.isPresent()) {
                Files.deleteIfExists(file.get());
            }
        } catch (IOException undeleted) {
            LOG.warn("{} could not be deleted: {}", file.get(), undeleted.toString());
        }
    }
}
