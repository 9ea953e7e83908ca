// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.Draft;
import org.postern.spi.spool.RecipientUpdate;
import org.postern.spi.spool.Spool;
import org.postern.spi.spool.SpoolFullException;
import org.postern.spi.spool.SpooledMessage;

/** A spool in one directory. The log is read when it is opened, so that every method serves from then on. */
final class LocalSpool implements Spool, Closeable {

    private final Disk disk;
    private final SpoolOptions options;
    private final MessageNumbers numbers;
    private final Catalogue catalogue = new Catalogue();
    private final StoredMessages stored;
    private final Room room;
    private final SegmentLog log;
    private final Housekeeping housekeeping;
    private final GroupCommit commits;
    private volatile long most = Long.MAX_VALUE;
    private volatile boolean closed;

    private LocalSpool(Disk disk, SpoolOptions options, InstantSource clock) throws IOException {
        this.disk = disk;
        this.options = options;
        this.numbers = new MessageNumbers(clock);
        this.stored = new StoredMessages(disk, catalogue);
        this.room = new Room(disk, options);
        Recovery recovery = new Recovery(disk, numbers, catalogue);
        recovery.run();
        this.log = new SegmentLog(disk, numbers, options, recovery.lastNumber(), recovery.segments());
        this.housekeeping = new Housekeeping(disk, log, catalogue, room);
        this.commits = new GroupCommit(log, catalogue, room, housekeeping::look, disk.toString());
        room.restoreReserve();
    }

    /** Opens a spool and takes the disk over; it is closed with the spool, or at once if this fails. */
    static LocalSpool open(Disk disk, SpoolOptions options, InstantSource clock) throws IOException {
        LocalSpool spool = openIdle(disk, options, clock);
        spool.housekeeping.start(spool.commits);
        return spool;
    }

    /** As {@link #open}, with the housekeeping left to the caller. */
    static LocalSpool openIdle(Disk disk, SpoolOptions options, InstantSource clock) throws IOException {
        try {
            LocalSpool spool = new LocalSpool(disk, options, clock);
            spool.housekeeping.use(spool.commits);
            spool.commits.start();
            return spool;
        } catch (IOException | RuntimeException failure) {
            disk.close();
            throw failure;
        }
    }

    @Override
    public void requireRoom() throws IOException {
        requireOpen();
        room.check(0);
        if (catalogue.size() >= most) {
            throw new SpoolFullException("spool " + disk + " has " + catalogue.size() + " messages, and may have "
                    + most + " (Max_Messages)");
        }
    }

    @Override
    public Draft draft() throws IOException {
        requireOpen();
        room.check(0);
        return new LocalDraft(this);
    }

    @Override
    public void recover(Consumer<SpooledMessage> consumer) throws IOException {
        requireOpen();
        for (long number : catalogue.numbers()) {
            handOut(number, consumer);
        }
    }

    /** Damage that came after the log was read was told of where it was found; the neighbours go on. */
    private void handOut(long number, Consumer<SpooledMessage> consumer) throws IOException {
        Optional<SpooledMessage> message;
        try {
            message = stored.find(OptionalLong.of(number));
        } catch (DamagedRecordException setAside) {
            return;
        }
        message.ifPresent(consumer);
    }

    @Override
    public InputStream openContent(MessageId id) throws IOException {
        requireOpen();
        return stored.open(id);
    }

    @Override
    public Optional<SpooledMessage> find(MessageId id) throws IOException {
        requireOpen();
        return stored.find(MessageNumbers.number(id));
    }

    @Override
    public void record(MessageId id, Collection<RecipientUpdate> updates) throws IOException {
        requireOpen();
        Optional<Entry> entry = entry(id);
        if (entry.isPresent() && !updates.isEmpty()) {
            checkIndices(updates, entry.get().recipients());
            commits.submit(
                    Change.update(catalogue, housekeeping::discard, entry.get().number(), List.copyOf(updates)));
        }
    }

    private static void checkIndices(Collection<RecipientUpdate> updates, int recipients) {
        for (RecipientUpdate update : updates) {
            if (update.index() >= recipients) {
                throw new IllegalArgumentException(
                        "recipient " + update.index() + " of a message with " + recipients + " recipients");
            }
        }
    }

    @Override
    public void remove(MessageId id) throws IOException {
        requireOpen();
        Optional<Entry> entry = entry(id);
        if (entry.isPresent()) {
            commits.submit(
                    Change.removal(catalogue, housekeeping::discard, entry.get().number()));
        }
    }

    private Optional<Entry> entry(MessageId id) {
        OptionalLong number = MessageNumbers.number(id);
        return number.isEmpty() ? Optional.empty() : catalogue.find(number.getAsLong());
    }

    @Override
    public long remainingCapacity() {
        return closed ? 0 : room.remaining();
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("spool " + disk + " is closed");
        }
    }

    /** Refuses new mail from here on while less than this is left. */
    void keepFree(long mebibytes) {
        room.keepFree(mebibytes << 20);
    }

    /** Refuses new mail from here on while there are so many messages. */
    void keepAtMost(long messages) {
        most = messages;
    }

    /** Messages that are not settled. */
    int count() {
        return catalogue.size();
    }

    SpoolOptions options() {
        return options;
    }

    Disk disk() {
        return disk;
    }

    MessageNumbers numbers() {
        return numbers;
    }

    Catalogue catalogue() {
        return catalogue;
    }

    Room room() {
        return room;
    }

    GroupCommit commits() {
        return commits;
    }

    /** Gets room back now. */
    void tidy() {
        housekeeping.tidy();
    }

    /** Finishes what callers wait for, then lets go of everything. */
    @Override
    public void close() throws IOException {
        closed = true;
        housekeeping.close();
        commits.close();
        try (disk) {
            log.close();
        }
    }
}
