// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.SpooledMessage;
import org.slf4j.LoggerFactory;

/** Every octet of a small segment is damaged in turn, in every way; neighbours survive and nothing wrong is given out. */
class DamagedSegmentTest {

    private static final SpoolOptions OPTIONS = new SpoolOptions(1 << 16, 0, 1024, 0, 16);
    private static final InstantSource CLOCK = InstantSource.fixed(Mail.RECEIVED);
    private static final String SEGMENT = Names.segment(1);

    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(Recovery.class);
    private final Map<MessageId, byte[]> accepted = new LinkedHashMap<>();
    private byte[] whole;

    @BeforeEach
    void acceptFourMessages() throws IOException {
        SimulatedDisk disk = new SimulatedDisk();
        try (LocalSpool spool = LocalSpool.openIdle(disk, OPTIONS, CLOCK, Mail.ALL_HELD)) {
            for (int size : new int[] {33, 0, 61, 20}) {
                byte[] content = Mail.content(size, size);
                accepted.put(Mail.accept(spool, 1, content).id(), content);
            }
        }
        whole = disk.octets(SEGMENT);
        lines.start();
        logger.addAppender(lines);
        logger.setLevel(Level.WARN);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
        logger.setLevel(null);
    }

    @Test
    void survivesEveryFlippedBit() throws IOException {
        for (int at = 0; at < whole.length; at++) {
            if (at == 64) {
                at = 4096 - 8;
            } else if (at == 4096 + 64) {
                at = SegmentHeader.LENGTH - 8;
            }
            for (int bit = 0; bit < 8; bit++) {
                int place = at;
                int mask = 1 << bit;
                expectAtMostOneLost(at, octets -> {
                    octets[place] ^= (byte) mask;
                    return octets;
                });
            }
        }
    }

    @Test
    void survivesZerosFromAnyOctet() throws IOException {
        for (int length : new int[] {1, 8, 64}) {
            for (int at = SegmentHeader.LENGTH; at + length <= whole.length; at++) {
                int from = at;
                check(octets -> {
                    Arrays.fill(octets, from, from + length, (byte) 0);
                    return octets;
                });
            }
        }
    }

    @Test
    void survivesBeingCutOffAnywhere() throws IOException {
        for (int length = 0; length <= whole.length; length++) {
            int end = length;
            int found = check(octets -> Arrays.copyOf(octets, end));
            assertThat(found).isEqualTo(wholeRecordsIn(end));
        }
    }

    private int wholeRecordsIn(int end) throws IOException {
        int[] count = {0};
        ByteBuffer prefix = ByteBuffer.wrap(whole, 0, whole.length);
        SegmentScan.run(prefix, SEGMENT, new SegmentScan.Visitor() {
            @Override
            public void header(SegmentHeader header) {}

            @Override
            public void record(RecordHeader header, long offset, ByteBuffer head) {
                count[0] += offset + header.recordLength() <= end ? 1 : 0;
            }

            @Override
            public void damaged(SegmentScan.Damage damage) {
                throw new AssertionError(damage.what());
            }
        });
        return count[0];
    }

    @Test
    void takesNoRecordThatStandsInAnotherPlace() throws IOException {
        byte[] copy = Arrays.copyOfRange(whole, SegmentHeader.LENGTH, whole.length);
        int found = check(octets -> {
            byte[] doubled = Arrays.copyOf(octets, octets.length + copy.length);
            System.arraycopy(copy, 0, doubled, octets.length, copy.length);
            return doubled;
        });
        assertThat(found).isEqualTo(4);
    }

    @Test
    void survivesTwoBlocksThatWereExchanged() throws IOException {
        for (int at = SegmentHeader.LENGTH; at + 256 <= whole.length; at += 64) {
            int from = at;
            check(octets -> {
                byte[] first = Arrays.copyOfRange(octets, from, from + 128);
                System.arraycopy(octets, from + 128, octets, from, 128);
                System.arraycopy(first, 0, octets, from + 128, 128);
                return octets;
            });
        }
    }

    @Test
    void namesFileAndOffsetOfTheDamageAndKeepsItsOctets() throws IOException {
        byte[] damaged = whole.clone();
        damaged[SegmentHeader.LENGTH + 60] ^= 1;
        SimulatedDisk disk = with(damaged);
        LocalSpool.openIdle(disk, OPTIONS, CLOCK, Mail.ALL_HELD).close();
        assertThat(lines.list).singleElement().satisfies(line -> {
            assertThat(line.getLevel()).isEqualTo(Level.ERROR);
            assertThat(line.getFormattedMessage()).contains(SEGMENT, "offset 8192");
        });
        assertThat(disk.list()).contains(SEGMENT + "-8192" + Names.DAMAGED);
        LocalSpool.openIdle(disk, OPTIONS, CLOCK, Mail.ALL_HELD).close();
        assertThat(lines.list).as("told once").hasSize(1);
    }

    @Test
    void setsASegmentWithoutReadableHeaderAside() throws IOException {
        byte[] damaged = whole.clone();
        damaged[3] ^= 1;
        damaged[4099] ^= 1;
        SimulatedDisk disk = with(damaged);
        try (LocalSpool spool = LocalSpool.openIdle(disk, OPTIONS, CLOCK, Mail.ALL_HELD)) {
            assertThat(Mail.recover(spool)).isEmpty();
            assertThat(disk.octets(SEGMENT + Names.DAMAGED)).isEqualTo(damaged);
        }
    }

    @Test
    void refusesASegmentOfALaterFormat() {
        byte[] later = whole.clone();
        ByteBuffer buffer = ByteBuffer.wrap(later);
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        buffer.putInt(8, 2);
        crc.update(buffer.slice(0, 28));
        buffer.putInt(28, (int) crc.getValue());
        assertThatThrownBy(() -> LocalSpool.openIdle(with(later), OPTIONS, CLOCK, Mail.ALL_HELD))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("format 2");
    }

    @Test
    void givesOutNothingThatWasDamagedWhileItWaited() throws IOException {
        for (int size : new int[] {100, 200_000}) {
            SimulatedDisk disk = new SimulatedDisk();
            try (LocalSpool spool = LocalSpool.openIdle(disk, OPTIONS, CLOCK, Mail.ALL_HELD)) {
                MessageId id = Mail.accept(spool, 1, Mail.content(1, size)).id();
                disk.flipLastBitOf(size > OPTIONS.inline() ? Names.BODY : Names.SEGMENT);
                assertThatThrownBy(() -> Mail.read(spool, id))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("damaged record");
            }
        }
    }

    @Test
    @DisplayName("C6-12: what a backup has brought back twice is told, and delivered once")
    void toldAndDeliveredOnce() throws IOException {
        SimulatedDisk disk = with(whole);
        try (DiskFile copy = disk.create(Names.segment(2))) {
            copy.writeFully(ByteBuffer.wrap(whole), 0);
        }
        try (LocalSpool spool = LocalSpool.openIdle(disk, OPTIONS, CLOCK, Mail.ALL_HELD)) {
            List<SpooledMessage> found = Mail.recover(spool);
            assertThat(found).extracting(SpooledMessage::id).containsExactlyElementsOf(accepted.keySet());
            for (SpooledMessage message : found) {
                spool.record(message.id(), List.of(Mail.settled(0)));
            }
        }
        assertThat(lines.list)
                .singleElement()
                .satisfies(line ->
                        assertThat(line.getFormattedMessage()).contains(Names.segment(2) + " is a copy of " + SEGMENT));
        try (LocalSpool spool = LocalSpool.openIdle(disk, OPTIONS, CLOCK, Mail.ALL_HELD)) {
            assertThat(Mail.recover(spool)).isEmpty();
        }
    }

    @Test
    void saysWhichMessageIsLostWithItsFile() throws IOException {
        SimulatedDisk disk = new SimulatedDisk();
        MessageId id;
        try (LocalSpool spool = LocalSpool.openIdle(disk, OPTIONS, CLOCK, Mail.ALL_HELD)) {
            id = Mail.accept(spool, 1, new byte[5000]).id();
            Mail.accept(spool, 1, new byte[10]);
        }
        disk.delete(disk.list().stream().filter(Names::isBody).findFirst().orElseThrow());
        try (LocalSpool spool = LocalSpool.openIdle(disk, OPTIONS, CLOCK, Mail.ALL_HELD)) {
            assertThat(Mail.recover(spool)).hasSize(1);
        }
        assertThat(lines.list)
                .singleElement()
                .satisfies(line -> assertThat(line.getFormattedMessage()).contains(id.value(), "lost"));
    }

    private void expectAtMostOneLost(int at, UnaryOperator<byte[]> damage) throws IOException {
        int found = check(damage);
        assertThat(found).as("after damage at %d", at).isBetween(3, 4);
        if (at < SegmentHeader.LENGTH) {
            assertThat(found).as("the header has a copy").isEqualTo(4);
        }
    }

    /** Recovers from the damaged segment and counts the messages; every one that is found must be right. */
    private int check(UnaryOperator<byte[]> damage) throws IOException {
        try (LocalSpool spool = LocalSpool.openIdle(with(damage.apply(whole.clone())), OPTIONS, CLOCK, Mail.ALL_HELD)) {
            List<SpooledMessage> found = Mail.recover(spool);
            for (SpooledMessage message : found) {
                assertThat(Mail.read(spool, message.id())).isEqualTo(accepted.get(message.id()));
                assertThat(message.envelope()).isEqualTo(Mail.to(1));
                assertThat(message.context()).isEqualTo(Mail.CONTEXT);
            }
            return found.size();
        }
    }

    private static SimulatedDisk with(byte[] segment) {
        SimulatedDisk disk = new SimulatedDisk();
        disk.replace(SEGMENT, segment);
        return disk;
    }
}
