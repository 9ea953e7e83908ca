// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.Draft;
import org.postern.spi.spool.Receipt;
import org.postern.spi.spool.RecipientState;
import org.postern.spi.spool.RecipientUpdate;
import org.postern.spi.spool.SpooledMessage;

/** Many threads that accept, put off and settle while the spool parks and hands over. */
@Timeout(120)
class ParkingUnderLoadTest {

    private static final SpoolOptions OPTIONS = new SpoolOptions(1 << 18, 1 << 14, 2048, 0, 1 << 16);
    private static final int THREADS = 4;
    private static final int EACH = 1500;

    @TempDir
    private Path directory;

    private final Set<MessageId> here = ConcurrentHashMap.newKeySet();
    private final Set<MessageId> putOff = ConcurrentHashMap.newKeySet();
    private final Set<MessageId> twice = ConcurrentHashMap.newKeySet();
    private LocalSpool spool;

    @Test
    void settlesEveryMessageOnceAndHasNoneTwice() throws Exception {
        Parking parking = new Parking(20, () -> StoredIndex.inFile(directory.resolve(Names.INDEX)));
        LocalSpool opened = LocalSpool.open(DirectoryDisk.take(directory), OPTIONS, InstantSource.system(), parking);
        spool = opened;
        try (opened;
                ExecutorService workers = Executors.newFixedThreadPool(THREADS)) {
            opened.recover(message -> workers.execute(() -> take(message)));
            try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
                for (int i = 0; i < THREADS; i++) {
                    threads.execute(() -> acceptAll(workers));
                }
            }
            await().atMost(Duration.ofSeconds(90)).until(() -> opened.count() == 0);
        }
        assertThat(putOff).hasSize(THREADS * EACH);
        assertThat(twice).isEmpty();
    }

    private void acceptAll(ExecutorService workers) {
        for (int i = 0; i < EACH; i++) {
            Receipt receipt = accept(i);
            if (receipt.held()) {
                workers.execute(() -> take(receipt.message()));
            }
        }
    }

    private Receipt accept(int number) {
        try (Draft draft = spool.draft()) {
            draft.write(ByteBuffer.wrap(new byte[number % 600]));
            return draft.commit(Mail.to(1), Mail.BINDING, Mail.CONTEXT, Instant.now());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A worker puts every message off once, as if its time had come when it is asked for next. */
    private void take(SpooledMessage message) {
        MessageId id = message.id();
        if (!here.add(id)) {
            twice.add(id);
        }
        try {
            assertThat(Mail.read(spool, id)).hasSize((int) message.size());
            if (putOff.add(id)) {
                RecipientState later =
                        new RecipientState(false, 1, Instant.now().plusSeconds(Inventory.SOON + 2));
                // It may be handed over before this returns, so it is forgotten first.
                here.remove(id);
                if (!spool.defer(id, List.of(new RecipientUpdate(0, later)))) {
                    return;
                }
                here.add(id);
            }
            spool.record(id, List.of(Mail.settled(0)));
            here.remove(id);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
