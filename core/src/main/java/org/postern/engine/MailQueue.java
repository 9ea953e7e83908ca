// SPDX-License-Identifier: Apache-2.0
package org.postern.engine;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.osgi.annotation.versioning.ProviderType;
import org.postern.engine.dto.QueueChange;
import org.postern.engine.dto.QueueEntry;
import org.postern.spi.mail.MessageId;

/**
 * The mail that waits, for operators. Offered as an OSGi service while the engine works. An entry is what one message has
 * under one binding and routing domain, so a message for two destinations has two.
 *
 * <p>Threading: safe for many threads. Deliveries go on meanwhile: what is handed out was so a moment ago.
 */
@ProviderType
public interface MailQueue {

    /**
     * Hands out every entry that matches: first what this process has in memory, then what waits in the spool alone. The
     * latter takes no more memory however much it is; all entries of such a message come one after another. What moves
     * between memory and spool meanwhile may be handed out twice, or not at all.
     *
     * @throws IOException if the spool cannot be read; what is in memory was handed out by then
     */
    void visit(QueueFilter filter, Consumer<QueueEntry> visitor) throws IOException;

    /**
     * Does something to every entry that matches, by many at a time. Where the filter speaks of recipients, only those that
     * match are concerned. Entries that are being delivered are left alone, and so is what waited in the spool alone and was
     * taken up or changed by somebody else meanwhile.
     *
     * @param progress told now and then how many entries are done
     * @return what came of it; each change is durable
     * @throws IOException if the spool cannot be read; what was done by then stays done
     * @throws InterruptedException if the thread was interrupted; what was done by then stays done
     */
    QueueChange apply(QueueAction action, QueueFilter filter, LongConsumer progress)
            throws IOException, InterruptedException;

    /**
     * The header of a message, up to 32 kB and whole lines.
     *
     * @return nothing if there is no such message
     * @throws IOException if the spool cannot read it
     */
    Optional<byte[]> header(MessageId id) throws IOException;
}
