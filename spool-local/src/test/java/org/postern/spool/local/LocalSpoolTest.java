// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.BodyType;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.Draft;
import org.postern.spi.spool.RecipientState;
import org.postern.spi.spool.SpoolFullException;
import org.postern.spi.spool.SpooledMessage;

/** The spool on a real directory. */
class LocalSpoolTest {

    private static final SpoolOptions OPTIONS = new SpoolOptions(1 << 20, 1 << 16, 256 << 10, 0, 1 << 16);

    @TempDir
    private Path temporary;

    private Path directory;
    private LocalSpool spool;

    @BeforeEach
    void open() throws IOException {
        directory = temporary.resolve("state/spool");
        spool = openAgain();
    }

    private LocalSpool openAgain() throws IOException {
        return LocalSpool.open(DirectoryDisk.take(directory), OPTIONS, InstantSource.system(), Mail.ALL_HELD);
    }

    private void restart() throws IOException {
        spool.close();
        spool = openAgain();
    }

    @AfterEach
    void close() throws IOException {
        spool.close();
    }

    private long files(String suffix) throws IOException {
        try (var all = Files.list(directory)) {
            return all.filter(path -> path.toString().endsWith(suffix)).count();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4096, (256 << 10) - 1, 256 << 10, (256 << 10) + 1, 3 << 20})
    void givesBackEveryOctetOfAnySizeBeforeAndAfterARestart(int size) throws IOException {
        byte[] content = Mail.content(size, size);
        MessageId id = Mail.accept(spool, 2, content).id();
        assertThat(Mail.read(spool, id)).isEqualTo(content);
        restart();
        assertThat(Mail.recover(spool)).extracting(SpooledMessage::id).containsExactly(id);
        assertThat(Mail.read(spool, id)).isEqualTo(content);
        assertThat(files(Names.BODY)).isEqualTo(size > OPTIONS.inline() ? 1 : 0);
    }

    @Test
    void recoversExactlyWhatTheReceiptSaid() throws IOException {
        SpooledMessage accepted = Mail.accept(spool, 3, Mail.content(1, 100));
        restart();
        assertThat(Mail.recover(spool)).containsExactly(accepted);
        assertThat(spool.find(accepted.id())).contains(accepted);
    }

    @Test
    void keepsTextsThatLookLikeStructure() throws IOException {
        Map<String, String> context = new HashMap<>();
        for (String hostile :
                List.of("", "\r\n", "\0", "}", "PsR1", "\ud800", "a\udc00b", "ä€😀", "x".repeat(70_000))) {
            context.put("key " + hostile, hostile);
        }
        Envelope envelope = new Envelope(
                Optional.empty(),
                List.of(MailAddress.parse("\"a b\"@[127.0.0.1]"), MailAddress.parse("ü@exämple.com")),
                BodyType.SEVEN_BIT,
                true);
        try (Draft draft = spool.draft()) {
            draft.commit(envelope, Binding.DEFAULT, context, Instant.MAX);
        }
        restart();
        SpooledMessage found = Mail.recover(spool).get(0);
        assertThat(found.context()).isEqualTo(context);
        assertThat(found.envelope()).isEqualTo(envelope);
        assertThat(found.received()).isEqualTo(Instant.MAX);
    }

    @Test
    void takesTenThousandRecipients() throws IOException {
        SpooledMessage accepted = Mail.accept(spool, 10_000, Mail.content(1, 10));
        spool.record(accepted.id(), List.of(Mail.settled(9_999)));
        restart();
        List<RecipientState> states = Mail.recover(spool).get(0).states();
        assertThat(states).hasSize(10_000);
        assertThat(states.get(9_999).settled()).isTrue();
        assertThat(states.get(9_998)).isEqualTo(RecipientState.fresh(Mail.RECEIVED));
    }

    @Test
    void leavesNothingOfADraftThatIsClosed() throws IOException {
        for (int size : new int[] {100, 1 << 20}) {
            try (Draft draft = spool.draft()) {
                draft.write(ByteBuffer.wrap(Mail.content(1, size)));
            }
        }
        assertThat(files(Names.BODY)).isZero();
        restart();
        assertThat(Mail.recover(spool)).isEmpty();
    }

    @Test
    void consumesTheBufferAndDoesNotKeepIt() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(10);
        MessageId id;
        try (Draft draft = spool.draft()) {
            buffer.put(new byte[] {1, 2, 3}).flip();
            draft.write(buffer);
            assertThat(buffer.hasRemaining()).isFalse();
            buffer.clear().put(new byte[] {9, 9, 9}).flip();
            draft.write(buffer.asReadOnlyBuffer());
            id = draft.commit(Mail.to(1), Mail.BINDING, Map.of(), Mail.RECEIVED)
                    .message()
                    .id();
        }
        assertThat(Mail.read(spool, id)).containsExactly(1, 2, 3, 9, 9, 9);
    }

    @Test
    void refusesToUseADraftTwice() throws IOException {
        try (Draft draft = spool.draft()) {
            draft.commit(Mail.to(1), Mail.BINDING, Map.of(), Mail.RECEIVED);
            assertThatThrownBy(() -> draft.commit(Mail.to(1), Mail.BINDING, Map.of(), Mail.RECEIVED))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> draft.write(ByteBuffer.allocate(1))).isInstanceOf(IllegalStateException.class);
        }
        assertThat(Mail.recover(spool)).hasSize(1);
    }

    @Test
    void remembersWhatWasRecorded() throws IOException {
        MessageId id = Mail.accept(spool, 3, Mail.content(1, 10)).id();
        spool.record(id, List.of(Mail.deferred(0, 2), Mail.settled(1)));
        spool.record(id, List.of(Mail.deferred(0, 3)));
        restart();
        assertThat(spool.find(id).orElseThrow().states())
                .containsExactly(
                        Mail.deferred(0, 3).state(), Mail.settled(1).state(), RecipientState.fresh(Mail.RECEIVED));
    }

    @Test
    void forgetsAMessageWhoseRecipientsAreAllSettled() throws IOException {
        MessageId id = Mail.accept(spool, 2, Mail.content(1, 1 << 20)).id();
        spool.record(id, List.of(Mail.settled(0)));
        assertThat(spool.find(id)).isPresent();
        spool.record(id, List.of(Mail.settled(1)));
        assertThat(spool.find(id)).isEmpty();
        assertThatThrownBy(() -> spool.openContent(id)).isInstanceOf(FileNotFoundException.class);
        restart();
        assertThat(Mail.recover(spool)).isEmpty();
        assertThat(files(Names.BODY)).isZero();
    }

    @Test
    void finishesReadingAMessageThatEndsMeanwhile() throws IOException {
        byte[] content = Mail.content(1, 2 << 20);
        MessageId id = Mail.accept(spool, 1, content).id();
        try (InputStream in = spool.openContent(id)) {
            spool.remove(id);
            spool.tidy();
            assertThat(in.readAllBytes()).isEqualTo(content);
        }
    }

    @Test
    void ignoresMessagesThatAreUnknown() throws IOException {
        for (String unknown : List.of("00000000000", "not-one-of-ours", "A", "zzzzzzzzzzz")) {
            MessageId id = new MessageId(unknown);
            spool.record(id, List.of(Mail.settled(0)));
            spool.remove(id);
            assertThat(spool.find(id)).isEmpty();
            assertThatThrownBy(() -> spool.openContent(id)).isInstanceOf(FileNotFoundException.class);
        }
    }

    @Test
    void refusesRecipientsThatAreNot() throws IOException {
        MessageId id = Mail.accept(spool, 1, new byte[0]).id();
        assertThatThrownBy(() -> spool.record(id, List.of(Mail.settled(1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 recipients");
        assertThat(spool.find(id)).isPresent();
    }

    @Test
    void handsOutMessagesInTheOrderOfAcceptance() throws IOException {
        List<MessageId> order = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            order.add(Mail.accept(spool, 1, Mail.content(i, 10)).id());
        }
        restart();
        assertThat(Mail.recover(spool)).extracting(SpooledMessage::id).containsExactlyElementsOf(order);
        assertThat(order).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void givesRoomBackAndCarriesWhatWaitsAlong() throws IOException {
        byte[] kept = Mail.content(1, 5000);
        MessageId waiting = Mail.accept(spool, 2, kept).id();
        spool.record(waiting, List.of(Mail.settled(0), Mail.deferred(1, 4)));
        for (int i = 0; i < 60; i++) {
            spool.remove(Mail.accept(spool, 1, Mail.content(i, 100_000)).id());
        }
        spool.tidy();
        assertThat(files(Names.SEGMENT)).isLessThanOrEqualTo(2);
        assertThat(Mail.read(spool, waiting)).isEqualTo(kept);
        restart();
        assertThat(Mail.read(spool, waiting)).isEqualTo(kept);
        assertThat(spool.find(waiting).orElseThrow().states())
                .containsExactly(Mail.settled(0).state(), Mail.deferred(1, 4).state());
    }

    @Test
    void servesManyThreadsAtOnce() throws Exception {
        Map<MessageId, byte[]> kept = new ConcurrentHashMap<>();
        Set<MessageId> ended = ConcurrentHashMap.newKeySet();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 64; t++) {
            int seed = t;
            threads.add(Thread.ofVirtual().start(() -> work(seed, kept, ended, failure)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failure.get()).isNull();
        restart();
        Set<MessageId> found = new HashSet<>();
        spool.recover(message -> assertThat(found.add(message.id())).isTrue());
        assertThat(found).isEqualTo(kept.keySet()).doesNotContainAnyElementsOf(ended);
        for (Map.Entry<MessageId, byte[]> message : kept.entrySet()) {
            assertThat(Mail.read(spool, message.getKey())).isEqualTo(message.getValue());
        }
    }

    private void work(int seed, Map<MessageId, byte[]> kept, Set<MessageId> ended, AtomicReference<Throwable> failure) {
        try {
            for (int i = 0; i < 60; i++) {
                byte[] content = Mail.content(seed * 1000L + i, i % 20 == 0 ? 300_000 : 2_000);
                MessageId id = Mail.accept(spool, 2, content).id();
                spool.record(id, List.of(Mail.settled(0)));
                assertThat(Mail.read(spool, id)).isEqualTo(content);
                if (i % 4 == 0) {
                    kept.put(id, content);
                } else {
                    spool.record(id, List.of(Mail.settled(1)));
                    ended.add(id);
                }
            }
        } catch (Throwable wrong) {
            failure.set(wrong);
        }
    }

    @Test
    void doesNotDisturbOthersWhenAReaderIsInterrupted() throws Exception {
        byte[] content = Mail.content(1, 1000);
        MessageId id = Mail.accept(spool, 1, content).id();
        Thread interrupted = Thread.ofPlatform().start(() -> {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> Mail.read(spool, id)).isInstanceOf(IOException.class);
        });
        interrupted.join();
        assertThat(Mail.read(spool, id)).isEqualTo(content);
        Mail.accept(spool, 1, content);
    }

    @Test
    void keepsAnInterruptForAfterTheCommit() throws IOException {
        Thread.currentThread().interrupt();
        MessageId id = Mail.accept(spool, 1, new byte[] {1}).id();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(Mail.read(spool, id)).containsExactly(1);
    }

    @Test
    void saysWhoHoldsTheDirectory() {
        assertThatThrownBy(this::openAgain)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(
                        "in use by process " + ProcessHandle.current().pid());
    }

    @Test
    void showsNothingToOthers() throws IOException {
        Mail.accept(spool, 1, Mail.content(1, 1 << 20));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
        try (var all = Files.list(directory)) {
            assertThat(all.toList())
                    .hasSizeGreaterThan(3)
                    .allSatisfy(path -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void doesNotFollowALinkInThePlaceOfItsFiles() throws IOException {
        spool.close();
        Path elsewhere = Files.writeString(temporary.resolve("elsewhere"), "precious");
        Path segment = directory.resolve(Names.segment(1));
        Files.deleteIfExists(segment);
        Files.createSymbolicLink(segment, elsewhere);
        assertThatThrownBy(this::openAgain).isInstanceOf(IOException.class);
        Files.delete(segment);
        Files.delete(directory.resolve(DirectoryLock.NAME));
        Files.createSymbolicLink(directory.resolve(DirectoryLock.NAME), elsewhere);
        assertThatThrownBy(this::openAgain).isInstanceOf(IOException.class);
        assertThat(elsewhere).hasContent("precious");
        Files.delete(directory.resolve(DirectoryLock.NAME));
    }

    @Test
    void leavesForeignFilesAlone() throws IOException {
        Path foreign = Files.writeString(directory.resolve("notes.txt"), "mine");
        Mail.accept(spool, 1, new byte[10]);
        restart();
        assertThat(foreign).hasContent("mine");
        assertThat(Mail.recover(spool)).hasSize(1);
    }

    @Test
    void leavesNoThreadAndNoLockBehind() throws IOException {
        spool.close();
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.isAlive() && thread.getName().endsWith(directory.toString()));
        assertThatThrownBy(spool::draft).isInstanceOf(IOException.class).hasMessageContaining("closed");
        spool = openAgain();
    }

    @Test
    void failsADraftThatOutlivesTheSpool() throws IOException {
        try (Draft draft = spool.draft()) {
            draft.write(ByteBuffer.allocate(10));
            spool.close();
            assertThatThrownBy(() -> draft.commit(Mail.to(1), Mail.BINDING, Map.of(), Mail.RECEIVED))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("closed");
        }
    }

    @Test
    void refusesMailButKeepsRecordsBelowTheFreeSpaceAskedFor() throws IOException {
        SimulatedDisk disk = new SimulatedDisk();
        SpoolOptions options = new SpoolOptions(1 << 16, 1024, 1024, 1000, 1024);
        try (LocalSpool small = LocalSpool.openIdle(disk, options, InstantSource.system(), Mail.ALL_HELD)) {
            MessageId id = Mail.accept(small, 1, new byte[10]).id();
            assertThat(small.remainingCapacity()).isPositive();
            disk.usable(999);
            org.awaitility.Awaitility.await().until(() -> small.remainingCapacity() == 0);
            assertThatThrownBy(small::draft).isInstanceOf(SpoolFullException.class);
            small.record(id, List.of(Mail.settled(0)));
            assertThat(small.find(id)).isEmpty();
        }
    }

    @Test
    void refusesMailOfOthersAloneWhileThereAreAsManyMessagesAsMayWait() throws IOException {
        try (LocalSpool small =
                LocalSpool.openIdle(new SimulatedDisk(), OPTIONS, InstantSource.system(), Mail.ALL_HELD)) {
            small.keepAtMost(2);
            MessageId first = Mail.accept(small, 1, new byte[10]).id();
            small.requireRoom();
            Mail.accept(small, 1, new byte[10]);
            assertThatThrownBy(small::requireRoom)
                    .isInstanceOf(SpoolFullException.class)
                    .hasMessageContaining("has 2 messages, and may have 2 (Max_Messages)");
            Mail.accept(small, 1, new byte[10]);
            small.record(first, List.of(Mail.settled(0)));
            assertThatThrownBy(small::requireRoom).isInstanceOf(SpoolFullException.class);
            small.keepAtMost(3);
            small.requireRoom();
        }
    }
}
