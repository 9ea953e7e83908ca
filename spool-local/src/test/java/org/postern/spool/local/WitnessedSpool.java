// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.Draft;
import org.postern.spi.spool.RecipientUpdate;
import org.postern.spi.spool.Spool;
import org.postern.spi.spool.SpooledMessage;

/** Knows of which messages an outcome could not be noted: these alone may be sent again. */
final class WitnessedSpool implements Spool {

    private final Spool spool;
    private final Set<MessageId> unnoted;

    /** @param unnoted takes them */
    WitnessedSpool(Spool spool, Set<MessageId> unnoted) {
        this.spool = spool;
        this.unnoted = unnoted;
    }

    @Override
    public void record(MessageId id, Collection<RecipientUpdate> updates) throws IOException {
        try {
            spool.record(id, updates);
        } catch (IOException failure) {
            unnoted.add(id);
            throw failure;
        }
    }

    @Override
    public boolean defer(MessageId id, Collection<RecipientUpdate> updates) throws IOException {
        try {
            return spool.defer(id, updates);
        } catch (IOException failure) {
            unnoted.add(id);
            throw failure;
        }
    }

    @Override
    public void requireRoom() throws IOException {
        spool.requireRoom();
    }

    @Override
    public Draft draft() throws IOException {
        return spool.draft();
    }

    @Override
    public void recover(Consumer<SpooledMessage> consumer) throws IOException {
        spool.recover(consumer);
    }

    @Override
    public InputStream openContent(MessageId id) throws IOException {
        return spool.openContent(id);
    }

    @Override
    public Optional<SpooledMessage> find(MessageId id) throws IOException {
        return spool.find(id);
    }

    @Override
    public void remove(MessageId id) throws IOException {
        spool.remove(id);
    }

    @Override
    public long remainingCapacity() {
        return spool.remainingCapacity();
    }
}
