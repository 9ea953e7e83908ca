// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.SpoolFullException;

/** A disk with a fixed number of octets. */
class FullDiskTest {

    private static final long CAPACITY = 200_000;
    private static final SpoolOptions OPTIONS = new SpoolOptions(32_768, 1024, 4096, 0, 16_384);

    @Test
    void settlesEverythingOnAFullDiskAndThenAcceptsAgain() throws IOException {
        settleEverything(new SimulatedDisk().withCapacity(CAPACITY));
    }

    @Test
    void settlesEverythingThoughOnlyTheFlushFindsTheDiskFull() throws IOException {
        settleEverything(new SimulatedDisk().withCapacity(CAPACITY).allocatingLate());
    }

    private static void settleEverything(SimulatedDisk disk) throws IOException {
        try (LocalSpool spool = LocalSpool.openIdle(disk, OPTIONS, InstantSource.system(), Mail.ALL_HELD)) {
            List<MessageId> accepted = fill(spool);
            assertThatThrownBy(spool::draft).isInstanceOf(SpoolFullException.class);
            assertThat(accepted).hasSizeGreaterThan(50);
            for (MessageId id : accepted) {
                spool.record(id, List.of(Mail.settled(0)));
            }
            spool.tidy();
            assertThat(Mail.accept(spool, 1, new byte[1000])).isNotNull();
        }
        try (LocalSpool spool = LocalSpool.openIdle(disk.afterKill(), OPTIONS, InstantSource.system(), Mail.ALL_HELD)) {
            assertThat(Mail.recover(spool)).hasSize(1);
        }
    }

    private static List<MessageId> fill(LocalSpool spool) throws IOException {
        List<MessageId> accepted = new ArrayList<>();
        while (true) {
            try {
                accepted.add(Mail.accept(spool, 1, Mail.content(accepted.size(), 1500))
                        .id());
            } catch (SpoolFullException full) {
                return accepted;
            }
        }
    }
}
