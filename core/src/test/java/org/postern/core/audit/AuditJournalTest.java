// SPDX-License-Identifier: Apache-2.0
package org.postern.core.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.core.TestClock;
import org.postern.spi.credential.AuthIdentity;
import org.postern.spi.credential.CredentialVersion;

@Timeout(60)
class AuditJournalTest {

    private static final long LARGE = 1 << 20;

    @TempDir
    Path directory;

    private final TestClock clock = new TestClock();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("logs/audit.log");
    }

    private static AuditEvent login(int number) {
        return AuditEvent.of(
                        AuditEvent.Action.LOGIN,
                        "succeeded",
                        new AuthIdentity("alice", Optional.empty(), "vault:relay", new CredentialVersion("v1")))
                .with("number", Integer.toString(number));
    }

    private AuditJournal journal(long mostOctets) {
        AuditJournal journal = new AuditJournal(clock);
        journal.writeTo(Optional.of(new AuditJournal.Target(file, mostOctets)));
        return journal;
    }

    private void write(int from, int to, long mostOctets) {
        try (AuditJournal journal = journal(mostOctets)) {
            for (int i = from; i < to; i++) {
                journal.record(login(i));
            }
        }
    }

    private int audit(String... arguments) {
        printed.reset();
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        return new AuditCommand().run(List.of(arguments), new ByteArrayInputStream(new byte[0]), out, out);
    }

    private int verify(List<Path> files) {
        List<String> arguments = new ArrayList<>(List.of("verify"));
        files.forEach(one -> arguments.add(one.toString()));
        return audit(arguments.toArray(String[]::new));
    }

    private String said() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(file.getParent())) {
            List<Path> aside = new ArrayList<>(
                    all.filter(one -> one.getFileName().toString().startsWith("audit.log.2"))
                            .sorted()
                            .toList());
            aside.add(file);
            return aside;
        }
    }

    private long lines() throws IOException {
        long count = 0;
        for (Path one : files()) {
            count += Files.readAllLines(one).size();
        }
        return count;
    }

    @Test
    void writesWhoUsedWhatWhereAndWhatCameOfIt() throws Exception {
        write(1, 2, LARGE);
        assertThat(Files.readString(file))
                .isEqualTo("{\"time\":\"2026-01-01T00:00:00Z\",\"event\":\"login\",\"result\":\"succeeded\","
                        + "\"user\":\"alice\",\"reference\":\"vault:relay\",\"version\":\"v1\",\"number\":\"1\","
                        + "\"previous\":\"\"}\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void goesOnWithItsChainAfterARestart() throws Exception {
        write(0, 5, LARGE);
        write(5, 9, LARGE);
        assertThat(verify(files())).isZero();
        assertThat(said()).isEqualTo(file + ": 9 lines, nothing wrong\n");
    }

    @Test
    void waitsWithWhatIsToldBeforeItKnowsWhereToWrite() throws Exception {
        try (AuditJournal journal = new AuditJournal(clock)) {
            journal.record(login(1));
            journal.writeTo(Optional.of(new AuditJournal.Target(file, LARGE)));
            journal.record(login(2));
        }
        assertThat(lines()).isEqualTo(2);
    }

    @Test
    void putsAFullFileAsideAndGoesOnWithItsChainInTheNext() throws Exception {
        try (AuditJournal journal = journal(500)) {
            for (int i = 0; i < 20; i++) {
                journal.record(login(i));
                clock.pass(Duration.ofMillis(7));
            }
        }
        assertThat(files()).hasSizeGreaterThan(3);
        assertThat(verify(files())).as(said()).isZero();
        assertThat(lines()).isEqualTo(20);
        assertThat(audit("verify", files().get(1).toString())).isZero();
        assertThat(said()).contains("it goes on from an earlier file, which was not given");
    }

    @Test
    void findsFilesThatChangedPlacesAndOneThatIsMissing() throws Exception {
        write(0, 20, 500);
        List<Path> swapped = new ArrayList<>(files());
        java.util.Collections.swap(swapped, 0, 1);
        assertThat(verify(swapped)).isEqualTo(1);
        assertThat(said())
                .contains(swapped.get(1) + " was altered: line 1 does not follow from the one before, the last one of"
                        + " the file given before; are the files in order, and is none missing?");
        List<Path> gap = new ArrayList<>(files());
        gap.remove(1);
        assertThat(verify(gap)).isEqualTo(1);
    }

    @Test
    void findsThatLinesWereCutOffAtTheEnd() throws Exception {
        write(0, 10, LARGE);
        List<String> lines = Files.readAllLines(file);
        Files.write(file, lines.subList(0, 7));
        assertThat(verify(files())).isEqualTo(1);
        assertThat(said()).contains("lacks its last lines: it ends at line 7");
    }

    @Test
    void findsALineThatWasEditedAndSaysWhich() throws Exception {
        write(0, 10, LARGE);
        Files.writeString(file, Files.readString(file).replace("\"number\":\"4\"", "\"number\":\"5\""));
        assertThat(verify(files())).isEqualTo(1);
        assertThat(said()).contains("was altered: line 6 does not follow");
    }

    @Test
    void saysHowMuchIsMissingThatCameTooFast() throws Exception {
        try (AuditJournal small = new AuditJournal(clock, 3)) {
            for (int i = 0; i < 5_000; i++) {
                small.record(login(i));
            }
            await().until(() -> {
                small.writeTo(Optional.of(new AuditJournal.Target(file, LARGE)));
                small.record(login(9));
                return Files.exists(file) && Files.readString(file).contains("\"result\":\"missing\"");
            });
        }
        assertThat(Files.readString(file))
                .containsPattern("\"event\":\"loss\",\"result\":\"missing\",\"count\":\"\\d+\"");
        assertThat(verify(files())).isZero();
    }

    @Test
    void writesNothingWhereItIsSwitchedOff() throws Exception {
        try (AuditJournal journal = new AuditJournal(clock)) {
            journal.writeTo(Optional.empty());
            journal.record(login(1));
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void goesOnWhereTheFileCannotBeWrittenAndTellsOfTheLossLater() throws Exception {
        Files.createDirectories(file);
        try (AuditJournal journal = journal(LARGE)) {
            journal.record(login(1));
            await().until(() -> {
                // The directory is in the way until the first event has met it.
                journal.record(login(2));
                return Files.deleteIfExists(file) || Files.isRegularFile(file);
            });
            await().until(() -> {
                journal.record(login(3));
                return Files.isRegularFile(file) && Files.size(file) > 0;
            });
        }
        assertThat(Files.readString(file)).contains("\"number\":\"3\"");
        assertThat(verify(files())).isZero();
    }

    @Test
    void boundsALineHoweverLongANameIs() throws Exception {
        try (AuditJournal journal = journal(LARGE)) {
            journal.record(AuditEvent.of(AuditEvent.Action.CHANGE, "noticed").with("reference", "x".repeat(1 << 20)));
        }
        assertThat(Files.size(file)).isLessThan(2_000);
    }

    @Test
    void explainsItsUse() {
        assertThat(audit("--help")).isZero();
        assertThat(said()).contains("audit verify FILE");
        assertThat(audit()).isEqualTo(2);
        assertThat(audit("verify")).isEqualTo(2);
        assertThat(audit("prove", "x")).isEqualTo(2);
        assertThat(audit("verify", directory.resolve("absent").toString())).isEqualTo(1);
        assertThat(said()).contains("there is no file");
        assertThat(audit("verify", directory.toString())).isEqualTo(1);
        assertThat(audit("verify", "a\u0000b")).isEqualTo(1);
    }
}
