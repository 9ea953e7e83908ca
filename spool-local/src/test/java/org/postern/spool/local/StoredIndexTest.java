// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The index of parked messages, in memory and in a file. */
class StoredIndexTest {

    private static final int MOST = 1000;
    private static final byte[] NONE = {};

    @TempDir
    private Path directory;

    private Path file() {
        return directory.resolve(Names.INDEX);
    }

    private static Parked parked(long number, long due, byte[] note) {
        return new Parked(number, 1 + number % 7, (int) number * 8, 64, number % 3, 1, due, note);
    }

    @Test
    void knowsInMemoryWhatItWasTold() throws IOException {
        try (ParkedIndex index = StoredIndex.inMemory()) {
            knowsWhatItWasTold(index);
        }
    }

    @Test
    void knowsInAFileWhatItWasTold() throws IOException {
        try (ParkedIndex index = StoredIndex.inFile(file())) {
            knowsWhatItWasTold(index);
        }
    }

    private static void knowsWhatItWasTold(ParkedIndex index) throws IOException {
        Random random = new Random(7);
        TreeMap<Long, Parked> told = new TreeMap<>();
        for (int i = 0; i < 20_000; i++) {
            long number = 1 + random.nextInt(500);
            if (random.nextInt(3) == 0) {
                index.remove(number);
                told.remove(number);
            } else {
                byte[] note = random.nextBoolean() ? NONE : new byte[random.nextInt(40)];
                long due = random.nextInt(10) == 0 ? Parked.NEVER : random.nextInt(50);
                Parked parked = parked(number, due, note);
                index.put(parked);
                told.put(number, parked);
            }
            if (i % 500 == 0) {
                saysTheSame(index, told, random.nextInt(50));
            }
        }
    }

    private static void saysTheSame(ParkedIndex index, TreeMap<Long, Parked> told, long until) throws IOException {
        assertThat(index.size()).isEqualTo(told.size());
        for (long number = 0; number < 510; number++) {
            Parked expected = told.get(number);
            assertThat(index.find(number).isPresent()).isEqualTo(expected != null);
            assertThat(expected == null || index.find(number).get().isStill(expected))
                    .isTrue();
        }
        assertThat(numbers(index.after(0, MOST))).containsExactlyElementsOf(told.keySet());
        assertThat(numbers(index.after(250, 3)))
                .containsExactlyElementsOf(
                        told.tailMap(251L).keySet().stream().limit(3).toList());
        List<Parked> due = new ArrayList<>(told.values());
        due.removeIf(one -> one.due() > until);
        due.sort(Comparator.comparingLong(Parked::due).thenComparingLong(Parked::number));
        assertThat(numbers(index.due(until, MOST))).containsExactlyElementsOf(numbers(due));
        assertThat(numbers(index.due(until, 2)))
                .containsExactlyElementsOf(numbers(due.subList(0, Math.min(2, due.size()))));
    }

    private static List<Long> numbers(List<Parked> parked) {
        return parked.stream().map(Parked::number).toList();
    }

    @Test
    void keepsEveryFieldOfAMessageThatIsReadFromTheFile() throws IOException {
        Parked large = new Parked(
                Long.MAX_VALUE >> 1,
                Long.MAX_VALUE,
                Integer.MAX_VALUE,
                Integer.MAX_VALUE,
                Long.MAX_VALUE,
                Integer.MAX_VALUE,
                Parked.NEVER,
                new byte[] {1, 2, 3});
        ParkedType type = new ParkedType();
        var out = new org.h2.mvstore.WriteBuffer();
        type.write(out, large);
        Parked read = type.read(out.getBuffer().flip());
        assertThat(read).usingRecursiveComparison().isEqualTo(large);
    }

    @Test
    void hasAFileForItsOwnerAloneAndTakesItAwayInTheEnd() throws IOException {
        Files.writeString(file(), "of an earlier life");
        try (ParkedIndex index = StoredIndex.inFile(file())) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                    .isEqualTo("rw-------");
            assertThat(index.size()).isZero();
        }
        assertThat(file()).doesNotExist();
    }

    @Test
    void followsNoLink() throws IOException {
        Path other = Files.writeString(directory.resolve("other"), "somebody's");
        Files.createSymbolicLink(file(), other);
        StoredIndex.inFile(file()).close();
        assertThat(other).hasContent("somebody's");
    }

    @Test
    void saysWhereItCannotBe() {
        Path nowhere = directory.resolve("nowhere").resolve(Names.INDEX);
        assertThatThrownBy(() -> StoredIndex.inFile(nowhere))
                .isInstanceOf(IndexLostException.class)
                .hasMessageContaining(nowhere.toString());
    }

    @Test
    void isLostForGoodOnceItIsClosed() throws IOException {
        StoredIndex index = StoredIndex.inFile(file());
        index.put(parked(1, 1, NONE));
        index.close();
        assertThatThrownBy(() -> index.find(1)).isInstanceOf(IndexLostException.class);
        assertThatThrownBy(() -> index.put(parked(2, 1, NONE))).isInstanceOf(IndexLostException.class);
        assertThatThrownBy(() -> index.remove(1)).isInstanceOf(IndexLostException.class);
        assertThatThrownBy(() -> index.due(9, 9)).isInstanceOf(IndexLostException.class);
        assertThatThrownBy(() -> index.after(0, 9)).isInstanceOf(IndexLostException.class);
    }

    @Test
    void goesOnAfterAThreadThatReadsWasInterrupted() throws IOException {
        int many = 300_000;
        try (ParkedIndex index = StoredIndex.inFile(file())) {
            for (int number = 1; number <= many; number++) {
                index.put(new Parked(number, 1, number, 64, 0, 1, number, new byte[40]));
            }
            Thread.currentThread().interrupt();
            for (int number = 1; number <= many; number += 1000) {
                assertThat(index.find(number)).isPresent();
                Thread.currentThread().interrupt();
            }
            assertThat(Thread.interrupted()).isTrue();
            assertThat(index.find(many / 2)).isPresent();
        }
    }
}
