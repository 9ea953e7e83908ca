// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
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
import org.postern.spi.spool.Draft;
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

    private static SpooledMessage commit(Spool spool, byte[] content, int recipients) throws IOException {
        try (Draft draft = spool.draft()) {
            draft.write(ByteBuffer.wrap(content));
            return draft.commit(envelope(recipients), Binding.DEFAULT, Map.of(), RECEIVED)
                    .message();
        }
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
}
