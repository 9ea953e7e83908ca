// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.SpooledMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what is stored. A message may move, or end, while it is read: then it is looked up again. */
final class StoredMessages {

    private static final Logger LOG = LoggerFactory.getLogger(StoredMessages.class);

    private final Disk disk;
    private final Inventory inventory;

    StoredMessages(Disk disk, Inventory inventory) {
        this.disk = disk;
        this.inventory = inventory;
    }

    private interface Reading<T> {
        T at(Entry entry, Entry.Place place) throws IOException;
    }

    Optional<SpooledMessage> find(OptionalLong number) throws IOException {
        return number.isEmpty() ? Optional.empty() : read(number.getAsLong(), StoredMessages::message);
    }

    InputStream open(MessageId id) throws IOException {
        OptionalLong number = MessageNumbers.number(id);
        Optional<InputStream> content = number.isEmpty() ? Optional.empty() : read(number.getAsLong(), this::content);
        return content.orElseThrow(() -> new FileNotFoundException("there is no message " + id + " in the spool"));
    }

    private <T> Optional<T> read(long number, Reading<T> reading) throws IOException {
        while (true) {
            Optional<Entry> entry = inventory.find(number);
            if (entry.isEmpty()) {
                return Optional.empty();
            }
            Entry.Place place = entry.get().place();
            try {
                return Optional.of(reading.at(entry.get(), place));
            } catch (IOException failure) {
                if (isStillAt(number, place)) {
                    report(failure);
                    throw failure;
                }
            }
        }
    }

    /** As the entry says it is; nothing if that is no longer true. */
    Optional<SpooledMessage> message(Entry entry) throws IOException {
        Entry.Place place = entry.place();
        try {
            return Optional.of(message(entry, place));
        } catch (IOException failure) {
            if (isStillAt(entry.number(), place)) {
                report(failure);
                throw failure;
            }
            return Optional.empty();
        }
    }

    private boolean isStillAt(long number, Entry.Place place) throws IOException {
        return inventory.find(number).filter(e -> e.place().equals(place)).isPresent();
    }

    private void report(IOException failure) {
        if (failure instanceof DamagedRecordException) {
            LOG.error("spool {}: {}", disk, failure.getMessage());
        }
    }

    private static SpooledMessage message(Entry entry, Entry.Place place) throws IOException {
        Segment.Stored stored = place.segment().readHead(entry.number(), place.offset());
        MessageHead head = head(stored, place);
        return new SpooledMessage(
                MessageNumbers.name(entry.number()),
                head.envelope(),
                head.binding(),
                head.context(),
                head.received(),
                stored.header().contentLength(),
                entry.states(head.received()));
    }

    private static MessageHead head(Segment.Stored stored, Entry.Place place) throws IOException {
        try {
            return MessageHead.read(stored.head());
        } catch (IOException malformed) {
            throw new DamagedRecordException(place.segment().name(), place.offset(), "the head", malformed);
        }
    }

    private InputStream content(Entry entry, Entry.Place place) throws IOException {
        Segment.Stored stored = place.segment().readHead(entry.number(), place.offset());
        if (stored.header().external()) {
            String name = Names.body(entry.bodyFile());
            return new BodyStream(disk.open(name), name, stored.header());
        }
        ByteBuffer content = place.segment().readContent(stored, place.offset());
        return new ByteArrayInputStream(content.array(), 0, content.limit());
    }
}
