// SPDX-License-Identifier: Apache-2.0
package org.postern.core.explain;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.Draft;
import org.postern.spi.spool.RecipientUpdate;
import org.postern.spi.spool.Spool;
import org.postern.spi.spool.SpooledMessage;

/** A spool that holds nothing and takes nothing: for an engine that only answers questions. */
final class NoMail implements Spool {

    @Override
    public Draft draft() throws IOException {
        throw new IOException("this engine only explains; it takes no mail");
    }

    @Override
    public void recover(Consumer<SpooledMessage> consumer) {}

    @Override
    public InputStream openContent(MessageId id) throws IOException {
        throw new FileNotFoundException(id.toString());
    }

    @Override
    public Optional<SpooledMessage> find(MessageId id) {
        return Optional.empty();
    }

    @Override
    public void record(MessageId id, Collection<RecipientUpdate> updates) {}

    @Override
    public void remove(MessageId id) {}

    @Override
    public long remainingCapacity() {
        return 0;
    }
}
