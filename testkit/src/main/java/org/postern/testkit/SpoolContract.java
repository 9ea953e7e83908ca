// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.BodyType;
import org.postern.spi.mail.DsnRequest;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.Commit;
import org.postern.spi.spool.Draft;
import org.postern.spi.spool.Receipt;
import org.postern.spi.spool.RecipientState;
import org.postern.spi.spool.RecipientUpdate;
import org.postern.spi.spool.Spool;
import org.postern.spi.spool.SpoolFullException;
import org.postern.spi.spool.SpooledMessage;

/** What every {@link Spool} promises. Each test has storage of its own. */
public interface SpoolContract {

    /** The moment at which the messages of the contract are accepted. */
    Instant RECEIVED = Instant.parse("2026-03-01T12:00:00.123Z");

    /**
     * Opens a spool on this test's storage. If one is open, it is given up first in the way of a process that is killed:
     * nothing is flushed for it.
     */
    Spool open() throws Exception;

    /** A spool with room for no more than some kilobytes of content; nothing where that cannot be. */
    default Optional<Spool> smallSpool() throws Exception {
        return Optional.empty();
    }

    /**
     * Opens a spool on this test's storage, as {@link #open} does, that holds one message at most and leaves what comes
     * after that to nobody; nothing where every message is held.
     */
    default Optional<Spool> openHoldingOne() throws Exception {
        return Optional.empty();
    }

    private Spool opened() throws Exception {
        Spool spool = open();
        spool.recover(message -> {});
        return spool;
    }

    private List<SpooledMessage> reopened() throws Exception {
        List<SpooledMessage> recovered = new ArrayList<>();
        open().recover(recovered::add);
        return recovered;
    }

    private static Envelope envelope(int recipients) {
        List<MailAddress> addresses = IntStream.range(0, recipients)
                .mapToObj(i -> MailAddress.parse("to" + i + "@example.test"))
                .toList();
        return new Envelope(Optional.of(MailAddress.parse("from@example.test")), addresses, BodyType.SEVEN_BIT, false);
    }

    private static Receipt accept(Spool spool, byte[] content, int recipients) throws IOException {
        try (Draft draft = spool.draft()) {
            draft.write(ByteBuffer.wrap(content));
            return draft.commit(envelope(recipients), Binding.DEFAULT, Map.of(), RECEIVED);
        }
    }

    private static SpooledMessage commit(Spool spool, byte[] content, int recipients) throws IOException {
        return accept(spool, content, recipients).message();
    }

    private static SpooledMessage commit(Spool spool, String content) throws IOException {
        return commit(spool, content.getBytes(StandardCharsets.UTF_8), 1);
    }

    private static byte[] contentOf(Spool spool, MessageId id) throws IOException {
        try (InputStream in = spool.openContent(id)) {
            return in.readAllBytes();
        }
    }

    private static RecipientUpdate settled(int index) {
        return new RecipientUpdate(index, new RecipientState(true, 1, RECEIVED));
    }

    private static byte[] noise(int size) {
        byte[] noise = new byte[size];
        new Random(size).nextBytes(noise);
        return noise;
    }

    @Test
    @DisplayName("spool: gives every content back octet by octet, now and after reopening")
    default void givesEveryContentBack() throws Exception {
        Spool spool = opened();
        List<byte[]> contents = List.of(
                new byte[0],
                new byte[] {0},
                "\r\n.\r\n".getBytes(StandardCharsets.US_ASCII),
                noise(4_096),
                noise(65_537),
                noise(5 << 20));
        List<SpooledMessage> messages = new ArrayList<>();
        for (byte[] content : contents) {
            SpooledMessage message = commit(spool, content, 1);
            assertThat(message.size()).isEqualTo(content.length);
            assertThat(contentOf(spool, message.id())).isEqualTo(content);
            messages.add(message);
        }
        Spool again = opened();
        for (int i = 0; i < contents.size(); i++) {
            assertThat(contentOf(again, messages.get(i).id())).isEqualTo(contents.get(i));
        }
    }

    @Test
    @DisplayName("spool: names a message before it is durable, by the name that it has then")
    default void namesAMessageBeforeItIsDurable() throws Exception {
        Spool spool = opened();
        byte[] content = noise(3_000);
        Commit begun;
        Receipt receipt;
        try (Draft draft = spool.draft()) {
            draft.write(ByteBuffer.wrap(content));
            begun = draft.begin(envelope(2), Binding.DEFAULT, Map.of("key", "value"), RECEIVED);
            receipt = begun.await();
        }
        assertThat(begun.message()).isEqualTo(receipt.message());
        assertThat(spool.find(begun.message().id())).contains(receipt.message());
        assertThat(contentOf(spool, begun.message().id())).isEqualTo(content);
        assertThat(reopened()).containsExactly(receipt.message());
    }

    @Test
    @DisplayName("spool: keeps a message whole that nobody waited for")
    default void keepsWhatNobodyWaitedFor() throws Exception {
        Spool spool = opened();
        List<SpooledMessage> begun = new ArrayList<>();
        for (int size : List.of(100, 1 << 20)) {
            try (Draft draft = spool.draft()) {
                draft.write(ByteBuffer.wrap(noise(size)));
                begun.add(draft.begin(envelope(1), Binding.DEFAULT, Map.of(), RECEIVED)
                        .message());
            }
        }
        Spool again = open();
        List<SpooledMessage> recovered = new ArrayList<>();
        again.recover(recovered::add);
        assertThat(recovered).containsExactlyElementsOf(begun);
        for (SpooledMessage message : begun) {
            assertThat(contentOf(again, message.id())).isEqualTo(noise(Math.toIntExact(message.size())));
        }
    }

    @Test
    @DisplayName("spool: takes content in pieces, from buffers of every kind, which are used again at once")
    default void takesContentInPieces() throws Exception {
        Spool spool = opened();
        byte[] content = noise(100_000);
        SpooledMessage message;
        try (Draft draft = spool.draft()) {
            ByteBuffer heap = ByteBuffer.allocate(777);
            ByteBuffer direct = ByteBuffer.allocateDirect(1_333);
            for (int at = 0; at < content.length; ) {
                ByteBuffer buffer = at % 2 == 0 ? heap : direct;
                int size = Math.min(buffer.capacity(), content.length - at);
                buffer.clear().put(content, at, size).flip();
                draft.write(buffer);
                assertThat(buffer.hasRemaining()).as("the buffer is consumed").isFalse();
                at += size;
            }
            draft.write(ByteBuffer.allocate(0));
            message = draft.commit(envelope(1), Binding.DEFAULT, Map.of(), RECEIVED)
                    .message();
        }
        assertThat(message.size()).isEqualTo(content.length);
        assertThat(contentOf(spool, message.id())).isEqualTo(content);
    }

    @Test
    @DisplayName("spool: keeps envelope, binding, context and time")
    default void keepsEverythingAboutAMessage() throws Exception {
        Spool spool = opened();
        Envelope odd = new Envelope(
                Optional.empty(),
                List.of(MailAddress.parse("\"a b\\\"@\"@example.test"), MailAddress.parse("grüße@exämple.test")),
                BodyType.EIGHT_BIT_MIME,
                true,
                new DsnRequest(
                        Optional.of(DsnRequest.Return.FULL),
                        Optional.of("id+20one"),
                        List.of(
                                DsnRequest.Recipient.NONE,
                                new DsnRequest.Recipient(
                                        Set.of(DsnRequest.Notify.SUCCESS, DsnRequest.Notify.DELAY),
                                        Optional.of("utf-8;grüße@exämple.test")))));
        Map<String, String> context = Map.of("key", "value\nof\0many = lines", "empty", "", "ключ", "𝄞");
        SpooledMessage message;
        try (Draft draft = spool.draft()) {
            message = draft.commit(odd, Binding.DEFAULT, context, RECEIVED).message();
        }
        assertThat(message.envelope()).isEqualTo(odd);
        assertThat(message.binding()).isEqualTo(Binding.DEFAULT);
        assertThat(message.context()).isEqualTo(context);
        assertThat(message.received()).isEqualTo(RECEIVED);
        assertThat(message.states()).hasSize(2).allSatisfy(state -> {
            assertThat(state.settled()).isFalse();
            assertThat(state.attempts()).isZero();
        });
        assertThat(spool.find(message.id())).contains(message);
        assertThat(reopened()).containsExactly(message);
    }

    @Test
    @DisplayName("spool: recovers in the order of acceptance")
    default void recoversInTheOrderOfAcceptance() throws Exception {
        Spool spool = opened();
        List<MessageId> ids = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            ids.add(commit(spool, "message " + i).id());
        }
        assertThat(ids).doesNotHaveDuplicates();
        assertThat(reopened()).extracting(SpooledMessage::id).containsExactlyElementsOf(ids);
    }

    @Test
    @DisplayName("spool: gives no name twice, over restarts too")
    default void givesNoNameTwice() throws Exception {
        List<MessageId> ids = new ArrayList<>();
        for (int run = 0; run < 3; run++) {
            Spool spool = opened();
            for (int i = 0; i < 5; i++) {
                SpooledMessage message = commit(spool, "x");
                ids.add(message.id());
                spool.remove(message.id());
            }
        }
        assertThat(ids).doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("spool: keeps nothing of a draft that was not committed")
    default void keepsNothingOfADraftThatWasNotCommitted() throws Exception {
        Spool spool = opened();
        try (Draft draft = spool.draft()) {
            draft.write(ByteBuffer.wrap(noise(200_000)));
        }
        assertThatCode(() -> spool.draft().close()).doesNotThrowAnyException();
        Draft abandoned = spool.draft();
        abandoned.write(ByteBuffer.wrap(noise(200_000)));
        assertThat(reopened()).isEmpty();
    }

    @Test
    @DisplayName("spool: keeps what was committed when the draft is closed, even twice")
    default void keepsWhatWasCommittedWhenTheDraftIsClosed() throws Exception {
        Spool spool = opened();
        Draft draft = spool.draft();
        draft.write(ByteBuffer.wrap(noise(10)));
        MessageId id = draft.commit(envelope(1), Binding.DEFAULT, Map.of(), RECEIVED)
                .message()
                .id();
        draft.close();
        draft.close();
        assertThat(contentOf(spool, id)).isEqualTo(noise(10));
    }

    @Test
    @DisplayName("spool: knows no message that is not there")
    default void knowsNoMessageThatIsNotThere() throws Exception {
        Spool spool = opened();
        MessageId unknown = new MessageId("0-unknown-0");
        assertThat(spool.find(unknown)).isEmpty();
        assertThatExceptionOfType(FileNotFoundException.class).isThrownBy(() -> spool.openContent(unknown));
        assertThatCode(() -> spool.record(unknown, List.of(settled(0)))).doesNotThrowAnyException();
        assertThatCode(() -> spool.remove(unknown)).doesNotThrowAnyException();
    }

    @Test
    @DisplayName("spool: records what became of each recipient")
    default void recordsWhatBecameOfEachRecipient() throws Exception {
        Spool spool = opened();
        SpooledMessage message = commit(spool, noise(10), 3);
        RecipientState later = new RecipientState(false, 4, RECEIVED.plus(Duration.ofHours(1)));
        spool.record(message.id(), List.of(settled(0), new RecipientUpdate(2, later)));
        spool.record(message.id(), List.of());
        SpooledMessage recorded = spool.find(message.id()).orElseThrow();
        assertThat(recorded.states())
                .containsExactly(settled(0).state(), message.states().get(1), later);
        assertThat(recorded.envelope()).isEqualTo(message.envelope());
        assertThat(reopened()).containsExactly(recorded);
    }

    @Test
    @DisplayName("spool: notes what waits for its time, whether or not it takes it back")
    default void notesWhatWaitsForItsTime() throws Exception {
        Spool spool = opened();
        SpooledMessage message = commit(spool, noise(10), 2);
        RecipientState later = new RecipientState(false, 1, RECEIVED.plus(Duration.ofHours(1)));
        spool.record(message.id(), List.of(settled(0)));
        spool.defer(message.id(), List.of(new RecipientUpdate(1, later)));
        SpooledMessage noted = spool.find(message.id()).orElseThrow();
        assertThat(noted.states()).containsExactly(settled(0).state(), later);
        assertThat(reopened()).containsExactly(noted);
    }

    @Test
    @DisplayName("spool: remembers who is on hold, and who no longer is")
    default void remembersWhoIsOnHold() throws Exception {
        Spool spool = opened();
        SpooledMessage message = commit(spool, noise(10), 2);
        RecipientState held = new RecipientState(false, 2, RECEIVED.plusSeconds(60), true);
        RecipientState free = new RecipientState(false, 2, RECEIVED.plusSeconds(90), false);
        spool.record(message.id(), List.of(new RecipientUpdate(0, held), new RecipientUpdate(1, held)));
        spool.record(message.id(), List.of(new RecipientUpdate(1, free)));
        assertThat(spool.find(message.id()).orElseThrow().states()).containsExactly(held, free);
        assertThat(reopened().getFirst().states()).containsExactly(held, free);
    }

    @Test
    @DisplayName("spool: forgets a message all of whose recipients are settled")
    default void forgetsAMessageThatIsSettled() throws Exception {
        Spool spool = opened();
        SpooledMessage message = commit(spool, noise(10), 2);
        SpooledMessage neighbour = commit(spool, "stays");
        spool.record(message.id(), List.of(settled(1)));
        assertThat(spool.find(message.id())).isPresent();
        spool.record(message.id(), List.of(settled(0)));
        assertThat(spool.find(message.id())).isEmpty();
        assertThatExceptionOfType(FileNotFoundException.class).isThrownBy(() -> spool.openContent(message.id()));
        assertThat(reopened()).extracting(SpooledMessage::id).containsExactly(neighbour.id());
    }

    @Test
    @DisplayName("spool: forgets what is removed")
    default void forgetsWhatIsRemoved() throws Exception {
        Spool spool = opened();
        SpooledMessage message = commit(spool, "goes");
        SpooledMessage neighbour = commit(spool, "stays");
        spool.remove(message.id());
        assertThat(spool.find(message.id())).isEmpty();
        assertThatExceptionOfType(FileNotFoundException.class).isThrownBy(() -> spool.openContent(message.id()));
        assertThat(reopened()).extracting(SpooledMessage::id).containsExactly(neighbour.id());
    }

    @Test
    @DisplayName("spool: joins updates of different recipients that come at once")
    default void joinsUpdatesThatComeAtOnce() throws Exception {
        Spool spool = opened();
        int recipients = 64;
        SpooledMessage message = commit(spool, noise(10), recipients);
        AtOnce.run(8, worker -> {
            for (int index = worker; index < recipients; index += 8) {
                RecipientState state = new RecipientState(false, index + 1, RECEIVED.plusSeconds(index));
                spool.record(message.id(), List.of(new RecipientUpdate(index, state)));
            }
            return null;
        });
        List<RecipientState> states = spool.find(message.id()).orElseThrow().states();
        assertThat(states)
                .extracting(RecipientState::attempts)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, recipients).boxed().toList());
        assertThat(reopened().getFirst().states()).isEqualTo(states);
    }

    @Test
    @DisplayName("spool: accepts, hands out and forgets for many threads at once")
    default void servesManyThreadsAtOnce() throws Exception {
        Spool spool = opened();
        List<List<MessageId>> kept = AtOnce.run(8, worker -> {
            List<MessageId> own = new ArrayList<>();
            for (int i = 0; i < 25; i++) {
                byte[] content = noise(1_000 * worker + i);
                SpooledMessage message = commit(spool, content, 1);
                assertThat(contentOf(spool, message.id())).isEqualTo(content);
                if (i % 2 == 0) {
                    spool.record(message.id(), List.of(settled(0)));
                } else {
                    own.add(message.id());
                }
            }
            return own;
        });
        assertThat(reopened())
                .extracting(SpooledMessage::id)
                .containsExactlyInAnyOrderElementsOf(
                        kept.stream().flatMap(List::stream).toList());
    }

    @Test
    @DisplayName("spool: hands the same content to several readers at once")
    default void handsTheSameContentToSeveralReaders() throws Exception {
        Spool spool = opened();
        byte[] content = noise(300_000);
        SpooledMessage message = commit(spool, content, 1);
        List<byte[]> read = AtOnce.run(6, worker -> contentOf(spool, message.id()));
        assertThat(read).allSatisfy(octets -> assertThat(octets).isEqualTo(content));
    }

    @Test
    @DisplayName("spool: carries ten thousand recipients")
    default void carriesTenThousandRecipients() throws Exception {
        Spool spool = opened();
        SpooledMessage message = commit(spool, noise(10), 10_000);
        spool.record(message.id(), List.of(settled(9_999)));
        SpooledMessage recovered = reopened().getFirst();
        assertThat(recovered.envelope()).isEqualTo(message.envelope());
        assertThat(recovered.states().getLast().settled()).isTrue();
    }

    @Test
    @DisplayName("spool: says how much room is left")
    default void saysHowMuchRoomIsLeft() throws Exception {
        assertThat(opened().remainingCapacity()).isPositive();
    }

    @Test
    @DisplayName("spool: refuses what does not fit, keeps what it has, and has room again afterwards")
    default void refusesWhatDoesNotFit() throws Exception {
        Optional<Spool> small = smallSpool();
        if (small.isEmpty()) {
            return;
        }
        Spool spool = small.get();
        spool.recover(message -> {});
        List<SpooledMessage> accepted = new ArrayList<>();
        assertThatExceptionOfType(SpoolFullException.class).isThrownBy(() -> {
            for (int i = 0; i < 10_000; i++) {
                accepted.add(commit(spool, noise(1_000), 1));
            }
        });
        assertThat(accepted).isNotEmpty();
        assertThat(contentOf(spool, accepted.getFirst().id())).isEqualTo(noise(1_000));
        for (SpooledMessage message : accepted) {
            spool.remove(message.id());
        }
        assertThatCode(() -> commit(spool, noise(1_000), 1)).doesNotThrowAnyException();
    }

    /**
     * A spool that holds one message.
     *
     * @param spool it
     * @param held the message that it holds
     * @param unheld messages with two recipients each that nobody holds
     */
    record HoldingOne(Spool spool, SpooledMessage held, List<SpooledMessage> unheld) {

        private List<SpooledMessage> told() throws IOException {
            List<SpooledMessage> told = new ArrayList<>();
            spool.visitUnheld(told::add);
            return told;
        }

        private SpooledMessage told(MessageId id) throws IOException {
            return told().stream()
                    .filter(message -> message.id().equals(id))
                    .findFirst()
                    .orElseThrow();
        }

        private RecipientState stateOf(SpooledMessage message, int index) throws IOException {
            return spool.find(message.id()).orElseThrow().states().get(index);
        }
    }

    private Optional<HoldingOne> holdingOne(int unheld) throws Exception {
        Optional<Spool> opened = openHoldingOne();
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        Spool spool = opened.get();
        spool.recover(message -> {});
        Receipt held = accept(spool, noise(10), 1);
        assertThat(held.held()).isTrue();
        List<SpooledMessage> others = new ArrayList<>();
        for (int i = 0; i < unheld; i++) {
            Receipt other = accept(spool, noise(10), 2);
            assertThat(other.held()).isFalse();
            others.add(other.message());
        }
        return Optional.of(new HoldingOne(spool, held.message(), others));
    }

    private static RecipientUpdate onHold(int index) {
        return new RecipientUpdate(index, new RecipientState(false, 3, RECEIVED.plusSeconds(60), true));
    }

    @Test
    @DisplayName("spool: tells of nothing that is held")
    default void tellsOfNothingThatIsHeld() throws Exception {
        Spool spool = opened();
        SpooledMessage message = commit(spool, "held");
        List<SpooledMessage> told = new ArrayList<>();
        spool.visitUnheld(told::add);
        assertThat(told).isEmpty();
        assertThat(spool.findUnheld(message.id())).isEmpty();
        assertThat(spool.recordUnheld(message, List.of(settled(0)))).isFalse();
        assertThat(spool.find(message.id())).contains(message);
    }

    @Test
    @DisplayName("spool: tells of each message that nobody holds, as last recorded")
    default void tellsOfWhatNobodyHolds() throws Exception {
        Optional<HoldingOne> there = holdingOne(20);
        if (there.isEmpty()) {
            return;
        }
        HoldingOne one = there.get();
        assertThat(one.told()).containsExactlyInAnyOrderElementsOf(one.unheld());
        assertThat(one.spool().findUnheld(one.held().id())).isEmpty();
        SpooledMessage last = one.unheld().getLast();
        one.spool().record(last.id(), List.of(settled(1)));
        SpooledMessage noted = one.told(last.id());
        assertThat(noted.states())
                .containsExactly(last.states().getFirst(), settled(1).state());
        assertThat(one.spool().findUnheld(last.id())).contains(noted);
        assertThat(one.spool().findUnheld(new MessageId("0-unknown-0"))).isEmpty();
    }

    @Test
    @DisplayName("spool: shows the content of a message, whoever holds it")
    default void showsTheContentWhoeverHoldsTheMessage() throws Exception {
        Spool spool = opened();
        SpooledMessage message = commit(spool, "shown");
        try (InputStream in = spool.viewContent(message.id())) {
            assertThat(in.readAllBytes()).asString().isEqualTo("shown");
        }
        assertThatExceptionOfType(FileNotFoundException.class)
                .isThrownBy(() -> spool.viewContent(new MessageId("0-unknown-0")));
        spool.remove(message.id());
        Optional<HoldingOne> there = holdingOne(1);
        if (there.isPresent()) {
            HoldingOne one = there.get();
            try (InputStream in =
                    one.spool().viewContent(one.unheld().getFirst().id())) {
                assertThat(in.readAllBytes()).isEqualTo(noise(10));
            }
        }
    }

    @Test
    @DisplayName("spool: ends a visit of what nobody holds with what the visitor throws")
    default void endsTheVisitWithWhatTheVisitorThrows() throws Exception {
        Optional<HoldingOne> there = holdingOne(3);
        if (there.isEmpty()) {
            return;
        }
        HoldingOne one = there.get();
        List<SpooledMessage> told = new ArrayList<>();
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> one.spool().visitUnheld(message -> {
                    told.add(message);
                    throw new IllegalStateException("enough");
                }))
                .withMessage("enough");
        assertThat(told).hasSize(1);
        assertThat(one.told()).hasSize(3);
    }

    @Test
    @DisplayName("spool: notes what an operator wants of a message that nobody holds, durably")
    default void notesWhatAnOperatorWantsOfWhatNobodyHolds() throws Exception {
        Optional<HoldingOne> there = holdingOne(2);
        if (there.isEmpty()) {
            return;
        }
        HoldingOne one = there.get();
        SpooledMessage message = one.unheld().getFirst();
        assertThat(one.spool().recordUnheld(message, List.of(onHold(0), onHold(1))))
                .isTrue();
        SpooledMessage noted = one.told(message.id());
        assertThat(noted.states()).containsExactly(onHold(0).state(), onHold(1).state());
        assertThat(one.spool().find(message.id())).contains(noted);
        assertThat(reopened())
                .filteredOn(recovered -> recovered.id().equals(message.id()))
                .containsExactly(noted);
    }

    @Test
    @DisplayName("spool: notes nothing for an operator about what is held, changed since it was seen, or gone")
    default void notesNothingForAnOperatorAboutWhatWasNotSeen() throws Exception {
        Optional<HoldingOne> there = holdingOne(2);
        if (there.isEmpty()) {
            return;
        }
        HoldingOne one = there.get();
        assertThat(one.spool().recordUnheld(one.held(), List.of(onHold(0)))).isFalse();
        assertThat(one.stateOf(one.held(), 0).onHold()).isFalse();
        SpooledMessage changed = one.unheld().getFirst();
        one.spool().record(changed.id(), List.of(settled(0)));
        assertThat(one.spool().recordUnheld(changed, List.of(onHold(0), onHold(1))))
                .isFalse();
        assertThat(one.stateOf(changed, 0)).isEqualTo(settled(0).state());
        assertThat(one.stateOf(changed, 1).onHold()).isFalse();
        SpooledMessage gone = one.unheld().getLast();
        one.spool().remove(gone.id());
        assertThat(one.spool().recordUnheld(gone, List.of(onHold(0)))).isFalse();
        assertThat(one.spool().find(gone.id())).isEmpty();
    }

    @Test
    @DisplayName("spool: forgets a message that nobody holds once an operator has settled all of it")
    default void forgetsWhatNobodyHoldsOnceItIsSettled() throws Exception {
        Optional<HoldingOne> there = holdingOne(2);
        if (there.isEmpty()) {
            return;
        }
        HoldingOne one = there.get();
        SpooledMessage message = one.unheld().getFirst();
        assertThat(one.spool().recordUnheld(message, List.of(settled(0)))).isTrue();
        assertThat(one.spool().recordUnheld(one.told(message.id()), List.of(settled(1))))
                .isTrue();
        assertThat(one.spool().find(message.id())).isEmpty();
        assertThatExceptionOfType(FileNotFoundException.class)
                .isThrownBy(() -> one.spool().openContent(message.id()));
        assertThat(one.told()).containsExactly(one.unheld().getLast());
        assertThat(reopened()).extracting(SpooledMessage::id).doesNotContain(message.id());
    }

    @Test
    @DisplayName("spool: lets one of the operators have his way who change a message at once that nobody holds")
    default void letsOneOfManyOperatorsHaveHisWay() throws Exception {
        Optional<HoldingOne> there = holdingOne(20);
        if (there.isEmpty()) {
            return;
        }
        HoldingOne one = there.get();
        List<List<MessageId>> changed = AtOnce.run(4, worker -> {
            List<MessageId> own = new ArrayList<>();
            one.spool().visitUnheld(message -> {
                try {
                    if (!message.states().getFirst().onHold()
                            && one.spool().recordUnheld(message, List.of(onHold(0), onHold(1)))) {
                        own.add(message.id());
                    }
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                }
            });
            return own;
        });
        assertThat(changed.stream().flatMap(List::stream))
                .containsExactlyInAnyOrderElementsOf(
                        one.unheld().stream().map(SpooledMessage::id).toList());
        assertThat(one.told())
                .hasSize(20)
                .allMatch(message -> message.states().stream().allMatch(RecipientState::onHold));
    }
}
