// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.credential.vault.VaultFixture;
import org.postern.credential.vault.document.VaultEntry;
import org.postern.credential.vault.kdbx.UnreadableVaultException;
import org.postern.spi.credential.Secret;

class VaultFileTest {

    private static final String CANARY = "canary-Vf83kQ-secret";

    @TempDir
    Path directory;

    @Test
    @DisplayName("C2-18: what both of two writers changed is kept")
    void keepsWhatBothOfTwoWritersChanged() throws Exception {
        VaultFixture vault = VaultFixture.in(directory);
        int each = 10;
        try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int writer = 0; writer < 4; writer++) {
                String name = "writer" + writer;
                running.add(writers.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        vault.set(name + "-" + i, name, CANARY);
                    }
                    return null;
                }));
            }
            for (Future<?> writer : running) {
                writer.get();
            }
        }
        assertThat(vault.file().<Integer>read(document -> document.entries().size()))
                .isEqualTo(4 * each);
    }

    @Test
    void keepsWhatBothOfTwoProcessesChanged() throws Exception {
        VaultFixture vault = VaultFixture.in(directory);
        Process one = WriterProcess.start(vault, "one", 15);
        Process two = WriterProcess.start(vault, "two", 15);
        assertThat(one.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(two.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(List.of(one.exitValue(), two.exitValue())).containsOnly(0);
        assertThat(vault.file().<Integer>read(document -> document.entries().size()))
                .isEqualTo(30);
    }

    @Test
    void waitsForAWriterWithAChannelOfItsOwn() throws Exception {
        VaultFixture vault = VaultFixture.in(directory);
        vault.set("one", "user", "secret");
        Path lock = directory.resolve(".vault.kdbx.postern-lock");
        Path real = vault.path().toRealPath();
        try (FileChannel other = FileChannel.open(lock, StandardOpenOption.WRITE);
                var held = other.lock()) {
            assertThat(held.isValid()).isTrue();
            assertThatThrownBy(() -> VaultLock.acquire(real, Duration.ofMillis(50)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("being changed by another process");
        }
        VaultLock.acquire(real, Duration.ofMillis(50)).close();
    }

    @Test
    void leavesNothingBehindThatOthersCanReadAndNoSecretInClear() throws Exception {
        VaultFixture vault = VaultFixture.in(directory);
        vault.set("one", "user", CANARY).set("one", "user", CANARY + "2");
        try (var files = Files.list(directory)) {
            List<Path> all = files.toList();
            assertThat(all)
                    .extracting(file -> file.getFileName().toString())
                    .containsExactlyInAnyOrder(
                            "vault.kdbx", "vault.keyx", "vault.kdbx.audit", ".vault.kdbx.postern-lock");
            for (Path file : all) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-------");
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .doesNotContain(CANARY);
            }
        }
    }

    @Test
    void replacesWhatALinkPointsTo() throws Exception {
        VaultFixture vault = VaultFixture.in(Files.createDirectory(directory.resolve("real")));
        Path link = Files.createSymbolicLink(directory.resolve("link.kdbx"), vault.path());
        VaultFile through = new VaultFile(link, vault.file().key());
        through.change(VaultFixture.EDIT, document -> document.add("one", VaultFixture.NOW));
        assertThat(link).isSymbolicLink();
        assertThat(vault.file().<Integer>read(document -> document.entries().size()))
                .isEqualTo(1);
    }

    @Test
    void keepsTheFileAsItWasWhenTheChangeFails() throws Exception {
        VaultFixture vault = VaultFixture.in(directory).set("one", "user", CANARY);
        byte[] before = Files.readAllBytes(vault.path());
        assertThatThrownBy(() -> vault.file().change(VaultFixture.EDIT, document -> {
                    document.entries().get(0).user("other");
                    throw new IOException("changed my mind");
                }))
                .hasMessage("changed my mind");
        assertThat(vault.path()).hasBinaryContent(before);
        vault.set("two", "user", CANARY);
    }

    @Test
    void clearsAwayWhatAKilledWriterLeft() throws Exception {
        VaultFixture vault = VaultFixture.in(directory);
        Path left = directory.resolve(".vault.kdbx.postern-new");
        Files.writeString(left, "half");
        vault.set("one", "user", CANARY);
        assertThat(left).doesNotExist();
        assertThat(vault.file().<Integer>read(document -> document.entries().size()))
                .isEqualTo(1);
    }

    @Test
    void overwritesNoVault() throws Exception {
        VaultFixture vault = VaultFixture.in(directory).set("one", "user", CANARY);
        assertThatThrownBy(() -> vault.file().create(InstantSource.system()))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(vault.file().<Integer>read(document -> document.entries().size()))
                .isEqualTo(1);
    }

    @Test
    void saysWhatToDoAboutAMissingVault() throws Exception {
        VaultFixture vault = VaultFixture.in(directory);
        Files.delete(vault.path());
        assertThatThrownBy(() -> vault.file().read(document -> null))
                .isInstanceOf(UnreadableVaultException.class)
                .hasMessageContaining("postern vault init");
        assertThatThrownBy(() -> vault.set("one", "user", CANARY)).hasMessageContaining("postern vault init");
    }

    @Test
    void namesFileAndKeyWhenTheKeyIsWrong() throws Exception {
        VaultFixture vault = VaultFixture.in(directory);
        Files.write(vault.key(), new byte[32]);
        assertThatThrownBy(() -> vault.file().read(document -> null))
                .hasMessageContaining(vault.path().toString())
                .hasMessageContaining("does not open with this key")
                .hasMessageContaining(vault.key().toString());
    }

    @Test
    void keepsTenStatesOfThePastAndGivesEveryStateAVersionOfItsOwn() throws Exception {
        VaultFixture vault = VaultFixture.in(directory);
        List<String> versions = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            // Always the same moment: the clock may stand still within a second.
            vault.set("one", "user", "secret" + i);
            versions.add(vault.file()
                    .read(document -> document.entries().get(0).version().value()));
        }
        assertThat(versions).doesNotHaveDuplicates();
        assertThat(vault.file()
                        .<Integer>read(document -> document.entries().get(0).history()))
                .isEqualTo(VaultEntry.HISTORY);
        try (Secret latest =
                vault.file().read(document -> document.entries().get(0).password())) {
            assertThat(latest).isEqualTo(Secret.of("secret14"));
        }
    }
}
