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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A spool in one directory. The log is read when it is opened, so that every method serves from then on. */
final class LocalSpool implements Spool, Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(LocalSpool.class);

    private static final int AT_ONCE = 500;

    private final Disk disk;
    private final SpoolOptions options;
    private final MessageNumbers numbers;
    private final Inventory inventory;
    private final StoredMessages stored;
    private final Room room;
    private final SegmentLog log;
    private final Housekeeping housekeeping;
    private final GroupCommit commits;
    private final Handover handover;
    private volatile long most = Long.MAX_VALUE;
    private volatile boolean closed;

    private LocalSpool(Disk disk, SpoolOptions options, InstantSource clock, Parking parking) throws IOException {
        this.disk = disk;
        this.options = options;
        this.numbers = new MessageNumbers(clock);
        this.inventory = new Inventory(disk.toString(), clock, parking);
        this.stored = new StoredMessages(disk, inventory);
        this.room = new Room(disk, options);
        Recovery recovery = new Recovery(disk, numbers, inventory);
        recovery.run();
        this.log = new SegmentLog(disk, numbers, options, recovery.lastNumber(), recovery.segments());
        this.housekeeping = new Housekeeping(disk, log, inventory, room);
        this.handover = new Handover(disk.toString(), inventory, stored);
        this.commits = new GroupCommit(log, inventory, room, this::look, disk.toString());
        room.restoreReserve();
    }

    private void look() {
        housekeeping.look();
        handover.look();
    }

    /** Opens a spool and takes the disk over; it is closed with the spool, or at once if this fails. */
    static LocalSpool open(Disk disk, SpoolOptions options, InstantSource clock, Parking parking) throws IOException {
        LocalSpool spool = openIdle(disk, options, clock, parking);
        spool.housekeeping.start(spool.commits);
        spool.handover.start();
        return spool;
    }

    /** As {@link #open}, with housekeeping and handing over left to the caller. */
    static LocalSpool openIdle(Disk disk, SpoolOptions options, InstantSource clock, Parking parking)
            throws IOException {
        try {
            LocalSpool spool = recovered(disk, options, clock, parking);
            spool.housekeeping.use(spool.commits);
            spool.commits.start();
            return spool;
        } catch (IOException | RuntimeException failure) {
            disk.close();
            throw failure;
        }
    }

    /** Where no index can be had now, one in memory has to do: the mail goes out, whatever that takes. */
    private static LocalSpool recovered(Disk disk, SpoolOptions options, InstantSource clock, Parking parking)
            throws IOException {
        try {
            return new LocalSpool(disk, options, clock, parking);
        } catch (IndexLostException noIndex) {
            LOG.warn("spool {}: what is beyond Max_Held is found by an index in memory from here on", disk);
            return new LocalSpool(disk, options, clock, new Parking(parking.maxHeld(), StoredIndex::inMemory));
        }
    }

    @Override
    public void requireRoom() throws IOException {
        requireOpen();
        room.check(0);
        if (inventory.isOverfull()) {
            throw new SpoolFullException("spool " + disk + " holds "
                    + inventory.held().size() + " messages in memory, and has no index for more");
        }
        if (count() >= most) {
            throw new SpoolFullException(
                    "spool " + disk + " has " + count() + " messages, and may have " + most + " (Max_Messages)");
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
        for (long number : inventory.held().numbers()) {
            handOut(number, consumer);
        }
        handover.handTo(consumer);
    }

    @Override
    public void visitUnheld(Consumer<SpooledMessage> visitor) throws IOException {
        requireOpen();
        List<Parked> some = inventory.parkedAfter(0, AT_ONCE);
        while (!some.isEmpty()) {
            for (Parked parked : some) {
                handOut(parked.number(), visitor);
            }
            some = inventory.parkedAfter(some.getLast().number(), AT_ONCE);
        }
    }

    @Override
    public Optional<SpooledMessage> findUnheld(MessageId id) throws IOException {
        requireOpen();
        OptionalLong number = MessageNumbers.number(id);
        return number.isEmpty() || inventory.isHeld(number.getAsLong()) ? Optional.empty() : stored.find(number);
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
                    Change.update(inventory, housekeeping::discard, entry.get().number(), List.copyOf(updates)));
        }
    }

    @Override
    public boolean defer(MessageId id, Collection<RecipientUpdate> updates) throws IOException {
        requireOpen();
        Optional<Entry> entry = entry(id);
        if (entry.isEmpty() || updates.isEmpty()) {
            return true;
        }
        checkIndices(updates, entry.get().recipients());
        Change deferral =
                Change.deferral(inventory, housekeeping::discard, entry.get().number(), List.copyOf(updates));
        commits.submit(deferral);
        return !deferral.parked();
    }

    @Override
    public boolean recordUnheld(SpooledMessage seen, Collection<RecipientUpdate> updates) throws IOException {
        requireOpen();
        OptionalLong number = MessageNumbers.number(seen.id());
        if (number.isEmpty() || !inventory.keep(number.getAsLong())) {
            return false;
        }
        try {
            if (!stored.find(number).equals(Optional.of(seen))) {
                return false;
            }
            if (!updates.isEmpty()) {
                checkIndices(updates, seen.states().size());
                commits.submit(
                        Change.update(inventory, housekeeping::discard, number.getAsLong(), List.copyOf(updates)));
            }
            return true;
        } finally {
            inventory.release(number.getAsLong());
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
                    Change.removal(inventory, housekeeping::discard, entry.get().number()));
        }
    }

    private Optional<Entry> entry(MessageId id) throws IOException {
        OptionalLong number = MessageNumbers.number(id);
        return number.isEmpty() ? Optional.empty() : inventory.find(number.getAsLong());
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

    /** Holds so many messages in memory from here on, while no more are to be tried soon. */
    void holdAtMost(int messages) {
        inventory.holdAtMost(messages);
    }

    /** Calls this once if nobody gets at what is parked any more until the spool is opened anew. */
    void whenIndexIsLost(Runnable action) {
        inventory.whenLost(action);
    }

    /** Messages that are not settled. */
    long count() {
        return inventory.size();
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

    Inventory inventory() {
        return inventory;
    }

    Room room() {
        return room;
    }

    GroupCommit commits() {
        return commits;
    }

    /** Hands over now what is due. */
    void handOver() {
        handover.handOver();
    }

    /** Gets room back now. */
    void tidy() {
        housekeeping.tidy();
    }

    /** Finishes what callers wait for, then lets go of everything. */
    @Override
    public void close() throws IOException {
        closed = true;
        handover.close();
        housekeeping.close();
        commits.close();
        try (disk;
                inventory) {
            log.close();
        }
    }
}
