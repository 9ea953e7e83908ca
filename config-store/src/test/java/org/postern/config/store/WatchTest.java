// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.settings.Located;
import org.postern.spi.settings.ScopePath;
import org.postern.testkit.ManualClock;

class WatchTest {

    private static final int SWAPS = 1_000;

    @TempDir
    Path directory;

    private final ManualClock clock = ManualClock.at(Instant.now());
    private final List<Attempt.InForce> published = new ArrayList<>();
    private Folder folder;
    private ActiveConfiguration active;

    @BeforeEach
    void open() {
        folder = new Folder(directory);
        active = new ActiveConfiguration(Optional.of(folder.main()), clock, attempt -> {
            if (attempt instanceof Attempt.InForce inForce) {
                published.add(inForce);
            }
        });
        active.learn(Words.ofEngine());
    }

    private void start(String text) {
        folder.write("postern.conf", text);
        assertThat(active.attempt()).isInstanceOf(Attempt.InForce.class);
        clock.advance(Duration.ofMinutes(1));
        assertThat(active.poll()).as("a young file is compared once more").isEmpty();
    }

    private long port() {
        return active.inForce()
                .flatMap(loaded -> loaded.snapshot().at(ScopePath.GLOBAL, Words.PORT))
                .flatMap(Located::value)
                .orElseThrow();
    }

    private Optional<Attempt> secondPoll() {
        assertThat(active.poll()).as("the first look at a change waits").isEmpty();
        return active.poll();
    }

    @Test
    void readsAChangedFileOnceItHasSettled() {
        start("Remote_SMTP_Port = 1");
        folder.write("postern.conf", "Remote_SMTP_Port = 2");
        assertThat(secondPoll()).containsInstanceOf(Attempt.InForce.class);
        assertThat(port()).isEqualTo(2);
        assertThat(active.inForce().orElseThrow().snapshot().generation()).isEqualTo(2);
        assertThat(active.poll()).isEmpty();
    }

    @Test
    void doesNotReadAFileWhileItGrows() {
        start("Remote_SMTP_Port = 1");
        String whole = "Remote_SMTP_Port = 2\nTLS = required\n";
        for (int length = 0; length <= whole.length(); length++) {
            folder.write("postern.conf", whole.substring(0, length));
            assertThat(active.poll()).as(whole.substring(0, length)).isEmpty();
        }
        assertThat(active.poll()).isPresent();
        assertThat(port()).isEqualTo(2);
    }

    @Test
    void waitsLongerForAFileThatLostMostOfItself() {
        start("Remote_SMTP_Port = 1\nOutbound_SMTP_AUTH_Key = \"smarthost\"\n");
        folder.write("postern.conf", "Remote_SMTP_Port = 2\n");
        for (int look = 1; look < Watch.LOOKS_AT_SHRUNKEN; look++) {
            assertThat(active.poll()).as("look " + look).isEmpty();
        }
        assertThat(active.poll()).containsInstanceOf(Attempt.InForce.class);
    }

    @Test
    void neverPutsTheBeginningOfWhatIsInForceInForceByItself() {
        String whole = """
                Remote_SMTP_Port = 587
                TLS = required Idle_Timeout = 90
                Domain "a.example" { Outbound_SMTP_AUTH_User = "u" }
                Domain "b.example" {
                  Outbound_SMTP_AUTH_Key = "k"
                }
                # the end
                """;
        start(whole);
        for (int length = 0; length < whole.length(); length++) {
            folder.write("postern.conf", whole.substring(0, length));
            for (int look = 0; look <= Watch.LOOKS_AT_SHRUNKEN; look++) {
                active.poll();
            }
            assertThat(active.inForce().orElseThrow().snapshot().generation())
                    .as("the first %s characters", length)
                    .isEqualTo(1);
        }
        folder.write("postern.conf", "TLS = no");
        for (int look = 0; look <= Watch.LOOKS_AT_SHRUNKEN; look++) {
            active.poll();
        }
        assertThat(active.inForce().orElseThrow().snapshot().generation()).isEqualTo(2);
    }

    @Test
    void putsTheBeginningOfWhatIsInForceInForceOnCommand() {
        start("Remote_SMTP_Port = 587\nTLS = required\n");
        folder.write("postern.conf", "Remote_SMTP_Port = 587\n");
        assertThat(secondPoll())
                .containsInstanceOf(Attempt.Refused.class)
                .get()
                .asString()
                .contains("looks cut off", "postern reload");
        assertThat(active.attempt()).isInstanceOf(Attempt.InForce.class);
    }

    @Test
    void noticesThatAnIncludedFileWasCutOff() {
        folder.write("more.conf", "Remote_SMTP_Port = 587\nTLS = required\n");
        start("Idle_Timeout = 5\ninclude more.conf\n");
        folder.write("more.conf", "Remote_SMTP_Port = 587\n");
        assertThat(secondPoll()).containsInstanceOf(Attempt.Refused.class);
    }

    @Test
    void readsAShrunkenFileAtOnceOnCommand() {
        start("Remote_SMTP_Port = 1\nOutbound_SMTP_AUTH_Key = \"smarthost\"\n");
        folder.write("postern.conf", "TLS = no\n");
        assertThat(active.poll()).isEmpty();
        assertThat(active.attempt()).isInstanceOf(Attempt.InForce.class);
    }

    @Test
    void keepsTheLastGoodConfigurationWhenTheFileIsEmptied() {
        start("Gateway = \"smtp.example.net\"\n");
        for (String nothing : List.of("", "\n", "# only words\n", "\uFEFF")) {
            folder.write("postern.conf", nothing);
            assertThat(active.attempt())
                    .as(nothing)
                    .isInstanceOfSatisfying(
                            Attempt.Refused.class,
                            refused -> assertThat(refused.problems().toString())
                                    .contains("postern.conf:1:1: error: nothing is set here"));
        }
        assertThat(active.inForce().orElseThrow().snapshot().generation()).isEqualTo(1);
    }

    @Test
    void noticesAnAtomicReplacement() {
        start("Remote_SMTP_Port = 1");
        folder.replace("postern.conf", "Remote_SMTP_Port = 2");
        assertThat(secondPoll()).isPresent();
        assertThat(port()).isEqualTo(2);
    }

    @Test
    void noticesAChangeThatKeepsSizeAndModificationTime() throws IOException {
        start("Remote_SMTP_Port = 1");
        FileTime then = Files.getLastModifiedTime(folder.main());
        folder.write("postern.conf", "Remote_SMTP_Port = 2");
        Files.setLastModifiedTime(folder.main(), then);
        assertThat(secondPoll()).isPresent();
        assertThat(port()).isEqualTo(2);
    }

    @Test
    void readsNothingAgainWhereOnlyTimesChanged() throws IOException {
        start("Remote_SMTP_Port = 1");
        Files.setLastModifiedTime(folder.main(), FileTime.fromMillis(0));
        assertThat(secondPoll()).isEmpty();
        assertThat(active.poll()).isEmpty();
    }

    /** As Kubernetes mounts a configuration: a link to a link to a folder, which is swapped and then removed. */
    private void mount(int version) throws IOException {
        folder.write("v" + version + "/postern.conf", "Remote_SMTP_Port = " + version);
        Path data = directory.resolve("..data");
        Path before = Files.exists(data) ? data.toRealPath() : null;
        Path fresh = Files.createSymbolicLink(directory.resolve("..fresh"), Path.of("v" + version));
        Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE);
        if (before == null) {
            Files.createSymbolicLink(folder.main(), Path.of("..data/postern.conf"));
        } else {
            Files.delete(before.resolve("postern.conf"));
            Files.delete(before);
        }
    }

    private static long openFiles() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
    }

    @Test
    void seesEachOfAThousandSwapsOfAMountedConfigurationWithinTwoLooksAndLeavesNoFileOpen() throws IOException {
        mount(1);
        assertThat(active.attempt()).isInstanceOf(Attempt.InForce.class);
        long openBefore = openFiles();
        for (int version = 2; version <= SWAPS; version++) {
            mount(version);
            assertThat(secondPoll()).as("version " + version).isPresent();
            assertThat(port()).isEqualTo(version);
        }
        assertThat(published).hasSize(SWAPS);
        assertThat(openFiles() - openBefore).as("files left open").isLessThan(SWAPS / 10);
    }

    @Test
    void readsNothingWhileConfigurationsFollowEachOtherFasterThanItLooksAndTheLastOneAfterwards() throws IOException {
        mount(1);
        assertThat(active.attempt()).isInstanceOf(Attempt.InForce.class);
        for (int version = 2; version <= SWAPS; version++) {
            mount(version);
            if (version % 100 == 0) {
                assertThat(active.poll()).as("a look in the storm").isEmpty();
            }
        }
        assertThat(active.poll()).isPresent();
        assertThat(port()).isEqualTo(SWAPS);
        assertThat(published).hasSize(2);
        assertThat(active.poll()).isEmpty();
    }

    @Test
    void publishesEachChangeOnceHoweverManyAskForAReload() throws Exception {
        start("Remote_SMTP_Port = 1");
        long openBefore = openFiles();
        for (int version = 2; version <= 20; version++) {
            folder.replace("postern.conf", "Remote_SMTP_Port = " + version);
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Attempt>> attempts = new ArrayList<>();
                for (int i = 0; i < 80; i++) {
                    attempts.add(threads.submit(() -> active.attempt()));
                }
                int inForce = 0;
                for (Future<Attempt> attempt : attempts) {
                    inForce += attempt.get(30, TimeUnit.SECONDS) instanceof Attempt.InForce ? 1 : 0;
                }
                assertThat(inForce).as("version " + version).isEqualTo(1);
            }
            assertThat(port()).isEqualTo(version);
        }
        assertThat(published).hasSize(20);
        assertThat(openFiles() - openBefore).as("files left open").isLessThan(100);
    }

    @Test
    void watchesIncludedFilesAndDirectories() throws IOException {
        folder.write("one.conf", "Remote_SMTP_Port = 1");
        Files.createDirectory(directory.resolve("conf.d"));
        start("include one.conf\ninclude conf.d");
        folder.write("one.conf", "Remote_SMTP_Port = 2");
        assertThat(secondPoll()).isPresent();
        assertThat(port()).isEqualTo(2);
        folder.write("conf.d/10.conf", "Remote_SMTP_Port = 3");
        assertThat(secondPoll()).isPresent();
        assertThat(port()).isEqualTo(3);
        folder.write("conf.d/.hidden", "Remote_SMTP_Port = 4");
        assertThat(active.poll()).isEmpty();
        Files.delete(directory.resolve("conf.d/10.conf"));
        assertThat(secondPoll()).isPresent();
        assertThat(port()).isEqualTo(2);
    }

    @Test
    void keepsTheLastGoodConfigurationThroughAnyMishap() throws IOException {
        start("Remote_SMTP_Port = 1");
        folder.write("postern.conf", "Remote_SMTP_Port = 70000");
        assertThat(secondPoll()).containsInstanceOf(Attempt.Refused.class);
        Files.delete(folder.main());
        assertThat(secondPoll()).containsInstanceOf(Attempt.Refused.class);
        Files.createDirectory(folder.main());
        assertThat(secondPoll()).containsInstanceOf(Attempt.Refused.class);
        Files.delete(folder.main());
        assertThat(secondPoll()).containsInstanceOf(Attempt.Refused.class);
        assertThat(active.poll()).as("what did not change is not tried again").isEmpty();
        assertThat(port()).isEqualTo(1);
        folder.write("postern.conf", "Remote_SMTP_Port = 1");
        assertThat(secondPoll()).containsInstanceOf(Attempt.Unchanged.class);
        assertThat(published).hasSize(1);
    }

    @Test
    void triesAgainWhenAWordIsLearnt() {
        folder.write("postern.conf", "ESMTP_Listener { }");
        assertThat(active.attempt()).isInstanceOf(Attempt.Refused.class);
        assertThat(active.poll()).isEmpty();
        active.learn(Words.ofBundles());
        assertThat(active.poll()).containsInstanceOf(Attempt.InForce.class);
    }

    @Test
    void answersWithTheAttemptThatIsGoingOn() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        active = new ActiveConfiguration(Optional.of(folder.main()), clock, attempt -> {
            if (attempt instanceof Attempt.InForce) {
                reached.countDown();
                await(released);
            }
        });
        folder.write("postern.conf", "Remote_SMTP_Port = 1");
        assertThat(active.settled()).isInstanceOf(Attempt.Refused.class);
        active.learn(Words.ofEngine());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.submit(active::poll);
            await(reached);
            Future<Attempt> asked = threads.submit(active::settled);
            assertThat(asked).isNotDone();
            released.countDown();
            assertThat(asked.get(10, TimeUnit.SECONDS)).isInstanceOf(Attempt.InForce.class);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void keepsTheSnapshotWhereOnlyWordsWereLearnt() {
        start("Remote_SMTP_Port = 1");
        active.learn(Words.ofBundles());
        assertThat(active.poll()).containsInstanceOf(Attempt.Unchanged.class);
        assertThat(published).hasSize(1);
    }

    @Test
    void saysWhatChangedWithoutSecrets() {
        start("Remote_SMTP_Port = 1\nTLS = no\nOutbound_SMTP_AUTH_Pass = old\nDomain /a$/ { }");
        folder.write(
                "postern.conf",
                "\nRemote_SMTP_Port = 2\nOutbound_SMTP_AUTH_Pass = new\nDomain d { Idle_Timeout = 9 Gateway = g }");
        Attempt.InForce attempt = (Attempt.InForce) secondPoll().orElseThrow();
        assertThat(attempt.changes().all().stream().map(Object::toString))
                .containsExactlyInAnyOrder(
                        "global: Remote_SMTP_Port: 1 -> 2",
                        "global: TLS: \"no\" -> unset",
                        "global: Outbound_SMTP_AUTH_Pass: ******** -> ********",
                        "domain d: Idle_Timeout: unset -> 9 s",
                        "domain d: Gateway: unset -> \"g\"",
                        "global: patterns in order: [/a$/] -> []");
    }

    @Test
    void putsMovedLinesInForceThoughNoSettingChanged() {
        start("Remote_SMTP_Port = 1");
        folder.write("postern.conf", "\n\nRemote_SMTP_Port = 1");
        Attempt.InForce attempt = (Attempt.InForce) secondPoll().orElseThrow();
        assertThat(attempt.changes().isEmpty()).isTrue();
        assertThat(attempt.loaded()
                        .snapshot()
                        .at(ScopePath.GLOBAL, Words.PORT)
                        .orElseThrow()
                        .origin()
                        .line())
                .isEqualTo(3);
    }
}
