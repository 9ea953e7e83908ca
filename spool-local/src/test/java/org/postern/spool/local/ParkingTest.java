// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.Draft;
import org.postern.spi.spool.Receipt;
import org.postern.spi.spool.RecipientState;
import org.postern.spi.spool.RecipientUpdate;
import org.postern.spi.spool.SpoolFullException;
import org.postern.spi.spool.SpooledMessage;

/** More mail than may be in memory: what stays on the disk alone, and when it comes back. */
class ParkingTest {

    private static final SpoolOptions OPTIONS = new SpoolOptions(SegmentHeader.LENGTH + 8192, 1024, 2048, 0, 2048);
    private static final Instant START = Mail.RECEIVED;

    private SimulatedDisk disk = new SimulatedDisk();
    private Instant now = START;
    private LocalSpool spool;
    private final List<MessageId> handed = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        open(new Parking(2, StoredIndex::inMemory));
    }

    private void open(Parking parking) throws IOException {
        spool = LocalSpool.openIdle(disk, OPTIONS, () -> now, parking);
        spool.recover(message -> handed.add(message.id()));
    }

    private void restart(Parking parking) throws IOException {
        spool.close();
        disk = disk.afterKill();
        handed.clear();
        open(parking);
    }

    @AfterEach
    void close() throws IOException {
        spool.close();
    }

    private Receipt accept(int octets) throws IOException {
        try (Draft draft = spool.draft()) {
            draft.write(ByteBuffer.wrap(new byte[octets]));
            return draft.commit(Mail.to(2), Mail.BINDING, Mail.CONTEXT, now);
        }
    }

    private MessageId held() throws IOException {
        Receipt receipt = accept(10);
        assertThat(receipt.held()).isTrue();
        return receipt.message().id();
    }

    private MessageId parked() throws IOException {
        Receipt receipt = accept(10);
        assertThat(receipt.held()).isFalse();
        return receipt.message().id();
    }

    private static RecipientUpdate later(int index, Instant due) {
        return new RecipientUpdate(index, new RecipientState(false, 1, due));
    }

    private boolean defer(MessageId id, Duration delay) throws IOException {
        Instant due = now.plus(delay);
        return spool.defer(id, List.of(later(0, due), later(1, due)));
    }

    private void settle(MessageId id) throws IOException {
        spool.record(id, List.of(Mail.settled(0), Mail.settled(1)));
    }

    @Test
    void holdsSoManyAndHandsTheOthersOverInTheirOrderAsRoomComes() throws IOException {
        MessageId first = held();
        MessageId second = held();
        List<MessageId> others = List.of(parked(), parked(), parked());

        spool.handOver();
        assertThat(handed).isEmpty();
        settle(first);
        spool.handOver();
        assertThat(handed).containsExactly(others.get(0));
        settle(second);
        settle(others.get(0));
        spool.handOver();
        assertThat(handed).containsExactlyElementsOf(others);
        assertThat(spool.count()).isEqualTo(2);
    }

    @Test
    void letsNewMailWaitBehindWhatIsParkedAndDue() throws IOException {
        MessageId first = held();
        held();
        MessageId before = parked();
        settle(first);
        MessageId after = parked();
        spool.handOver();
        assertThat(handed).containsExactly(before);
        settle(before);
        spool.handOver();
        assertThat(handed).containsExactly(before, after);
        settle(after);
        spool.handOver();
        held();
    }

    @Test
    void showsAndChangesWhatIsParkedAsWhatIsHeld() throws IOException {
        held();
        held();
        Receipt receipt = accept(1500);
        MessageId id = receipt.message().id();
        assertThat(receipt.held()).isFalse();
        assertThat(spool.find(id)).contains(receipt.message());
        assertThat(Mail.read(spool, id)).hasSize(1500);
        assertThat(Mail.unheld(spool)).containsExactly(receipt.message());

        spool.record(id, List.of(Mail.settled(0)));
        assertThat(spool.find(id).orElseThrow().states())
                .extracting(RecipientState::settled)
                .containsExactly(true, false);
        assertThatThrownBy(() -> spool.record(id, List.of(Mail.settled(2))))
                .isInstanceOf(IllegalArgumentException.class);
        spool.record(id, List.of(Mail.settled(1)));
        assertThat(spool.find(id)).isEmpty();

        MessageId removed = parked();
        spool.remove(removed);
        assertThat(spool.find(removed)).isEmpty();
        assertThat(Mail.unheld(spool)).isEmpty();
        assertThat(spool.count()).isEqualTo(2);
    }

    @Test
    void takesBackWhatWaitsForLaterOnceItHoldsMoreThanItShould() throws IOException {
        MessageId first = held();
        MessageId second = held();
        assertThat(defer(first, Duration.ofHours(2))).as("still held").isTrue();
        assertThat(defer(second, Duration.ofHours(1))).as("still held").isTrue();
        spool.handOver();
        // Those that wait for later leave room.
        MessageId third = held();
        assertThat(defer(third, Duration.ofSeconds(30))).as("due soon").isTrue();
        assertThat(defer(third, Duration.ofMinutes(30))).as("still held").isFalse();

        RecipientState state = spool.find(third).orElseThrow().states().get(0);
        assertThat(state.due()).isEqualTo(now.plus(Duration.ofMinutes(30)));
        settle(first);
        settle(second);
        spool.handOver();
        assertThat(handed).isEmpty();
        now = now.plus(Duration.ofMinutes(29)).plusSeconds(1);
        spool.handOver();
        assertThat(handed).containsExactly(third);
    }

    @Test
    void holdsTwiceAsManyAtTheVeryMost() throws IOException {
        for (int i = 0; i < 2; i++) {
            defer(held(), Duration.ofHours(1));
            spool.handOver();
        }
        held();
        held();
        parked();
    }

    @Test
    void keepsAMessageOfWhichAnotherPartIsStillUnderWay() throws IOException {
        held();
        held();
        now = now.plusSeconds(1);
        spool.holdAtMost(1);
        MessageId id = spool.find(first()).orElseThrow().id();
        assertThat(spool.defer(id, List.of(later(0, now.plusSeconds(9999))))).isTrue();
        assertThat(spool.defer(id, List.of(later(0, now.plusSeconds(9999)), Mail.settled(1))))
                .isFalse();
    }

    private MessageId first() throws IOException {
        return Mail.recover(spool).get(0).id();
    }

    @Test
    void comesUpWithSoManyAfterARestartAndGoesOnWithTheMostUrgent() throws IOException {
        spool.holdAtMost(10);
        List<MessageId> all = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            all.add(held());
        }
        defer(all.get(2), Duration.ofSeconds(-10));
        defer(all.get(3), Duration.ofHours(1));
        defer(all.get(4), Duration.ofSeconds(-20));
        restart(new Parking(2, StoredIndex::inMemory));
        assertThat(handed).containsExactly(all.get(0), all.get(1));
        assertThat(Mail.unheld(spool)).extracting(SpooledMessage::id).containsExactlyElementsOf(all.subList(2, 6));

        spool.holdAtMost(10);
        spool.handOver();
        assertThat(handed.subList(2, handed.size())).containsExactly(all.get(4), all.get(2), all.get(5));
        assertThat(spool.find(all.get(3)).orElseThrow().states().get(0).attempts())
                .isEqualTo(1);
    }

    @Test
    void letsSegmentsGoAndKeepsWhatIsParkedInThem() throws IOException {
        spool.holdAtMost(100);
        List<MessageId> kept = new ArrayList<>();
        List<MessageId> ended = new ArrayList<>();
        kept.add(held());
        for (int i = 0; i < 60; i++) {
            MessageId id = accept(1500).message().id();
            (i % 15 == 7 ? kept : ended).add(id);
        }
        spool.holdAtMost(1);
        for (MessageId id : kept) {
            assertThat(defer(id, Duration.ofHours(1))).as("still held").isFalse();
        }
        for (MessageId id : ended) {
            settle(id);
        }
        int before = disk.list().size();
        spool.tidy();
        assertThat(disk.list()).hasSizeLessThan(before / 2);
        assertThat(Mail.unheld(spool)).extracting(SpooledMessage::id).containsExactlyElementsOf(kept);
        for (MessageId id : kept) {
            assertThat(Mail.read(spool, id)).isNotEmpty();
        }
        restart(new Parking(1, StoredIndex::inMemory));
        assertThat(handed).hasSize(1);
        for (MessageId id : kept) {
            assertThat(spool.find(id).orElseThrow().states().get(0).attempts()).isEqualTo(1);
        }
    }

    @Test
    void handsNothingOverThatAnOperatorKeepsBack() throws IOException {
        held();
        held();
        MessageId id = parked();
        RecipientState onHold = new RecipientState(false, 0, START, true);
        spool.record(id, List.of(new RecipientUpdate(0, onHold), new RecipientUpdate(1, onHold)));
        spool.holdAtMost(10);
        now = now.plus(Duration.ofDays(100));
        spool.handOver();
        assertThat(handed).isEmpty();
        RecipientState released = new RecipientState(false, 0, START);
        spool.record(id, List.of(new RecipientUpdate(1, released)));
        spool.handOver();
        assertThat(handed).containsExactly(id);
    }

    @Test
    void goesOnWithWhatItHoldsOnceTheIndexIsLostAndFindsTheRestInTheLog() throws IOException {
        FailingIndex index = new FailingIndex(Integer.MAX_VALUE);
        restart(new Parking(2, () -> index));
        AtomicInteger told = new AtomicInteger();
        spool.whenIndexIsLost(told::incrementAndGet);
        MessageId first = held();
        MessageId second = held();
        MessageId parked = parked();
        index.breakNow();

        assertThatThrownBy(() -> spool.find(parked)).isInstanceOf(IndexLostException.class);
        assertThat(told).hasValue(1);
        assertThatThrownBy(spool::requireRoom)
                .isInstanceOf(SpoolFullException.class)
                .hasMessageContaining("no index");
        MessageId notice = held();
        assertThat(defer(first, Duration.ofHours(1))).as("still held").isTrue();
        settle(second);
        spool.remove(notice);
        spool.requireRoom();
        spool.handOver();
        spool.tidy();
        assertThat(handed).isEmpty();
        assertThat(told).hasValue(1);

        restart(new Parking(2, StoredIndex::inMemory));
        spool.handOver();
        assertThat(handed).containsExactly(first, parked);
    }

    @Test
    void keepsEveryPromiseWhereverTheIndexIsLost() throws IOException {
        for (int calls = 0; calls < 250; calls++) {
            History history = new History(calls % 3);
            SimulatedDisk used = new SimulatedDisk();
            int whole = calls;
            try (LocalSpool one =
                    LocalSpool.openIdle(used, OPTIONS, () -> START, new Parking(2, () -> new FailingIndex(whole)))) {
                history.use(one, 80);
            }
            try (LocalSpool one = LocalSpool.openIdle(used.afterKill(), OPTIONS, () -> START, Mail.TWO_HELD)) {
                history.check(one);
            }
        }
    }

    @Test
    void isOpenedWithAnIndexInMemoryWhereNoneCanBeHadOnTheDisk() throws IOException {
        held();
        held();
        parked();
        MessageId last = parked();
        for (int calls = 0; calls < 2; calls++) {
            int whole = calls;
            restart(new Parking(2, () -> new FailingIndex(whole)));
            assertThat(handed).hasSize(2);
            assertThat(spool.find(last)).isPresent();
            assertThat(spool.count()).isEqualTo(4);
        }
        restart(new Parking(2, () -> {
            throw new IndexLostException("no room", null);
        }));
        assertThat(spool.count()).isEqualTo(4);
    }
}
