// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.credential.vault.VaultFixture;

/** What {@code verify} finds, and what the audit log tells. */
class VerifyTest {

    @TempDir
    Path directory;

    private VaultShell shell;
    private Path audit;

    @BeforeEach
    void aVault() {
        shell = new VaultShell(directory);
        shell.run("", "init");
        shell.run("canary-Qx71", "set", "relay", "--user", "u");
        audit = directory.resolve("v.kdbx.audit");
    }

    private void finds(String... what) {
        assertThat(shell.run("", "verify")).isEqualTo(1);
        assertThat(shell.out()).contains(what);
    }

    private void isContent() {
        assertThat(shell.run("", "verify")).as(shell.out()).isZero();
    }

    @Test
    void findsNothingWrongWithAVaultThatIsWell() {
        isContent();
        assertThat(shell.out()).contains("1 entries, nothing wrong");
    }

    @Test
    void findsEveryEntryThatCannotBeUsed() throws Exception {
        shell.run("x", "set", "old", "--user", "u", "--expires", "2026-01-01");
        shell.file().change(VaultFixture.EDIT, document -> {
            document.add("twice", VaultFixture.NOW).user("{REF:U@I:00}");
            document.add("twice", VaultFixture.NOW);
            return document.add(" ", VaultFixture.NOW);
        });
        finds(
                "entry \"old\" expired on 2026-01-01",
                "2 entries are called \"twice\"",
                "entry \"twice\" refers to another entry",
                "entry \"twice\" has an empty secret",
                "entry \"twice\" has no user",
                "entry \" \" has no title");
        assertThat(shell.err()).contains("things are wrong with " + shell.vault);
    }

    @Test
    void findsAVaultThatOthersCanRead() throws Exception {
        Files.setPosixFilePermissions(shell.vault, PosixFilePermissions.fromString("rw-r--r--"));
        finds("chmod 600 " + shell.vault);
    }

    @Test
    @DisplayName("C2-18: an older copy in the vault's place is found")
    void findsAnOlderCopyInTheVaultsPlace() throws Exception {
        Path copy = directory.resolve("copy");
        Files.copy(shell.vault, copy, StandardCopyOption.COPY_ATTRIBUTES);
        shell.run("y", "set", "relay");
        shell.run("z", "set", "relay");
        Files.move(copy, shell.vault, StandardCopyOption.REPLACE_EXISTING);
        finds("older than what was written last (change 2 of 4)", "goes on after the vault's last change");
    }

    @Test
    void writesALineForEveryChangeAndNeverASecret() throws Exception {
        shell.run("next", "rotate", "relay");
        shell.run("", "promote", "relay");
        shell.run("", "rekey");
        shell.run("", "remove", "relay");
        List<String> lines = Files.readAllLines(audit);
        assertThat(lines)
                .extracting(line -> line.replaceAll(".*\"change\":\"([a-z]+)\".*", "$1"))
                .containsExactly("init", "set", "rotate", "promote", "rekey", "remove");
        assertThat(lines.get(1)).contains("\"time\":\"2026-11-23T12:00:00Z\"", "\"key\":\"relay\"", "\"version\":\"");
        assertThat(String.join("", lines)).doesNotContain("canary-Qx71").doesNotContain("\"next\"");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(audit)))
                .isEqualTo("rw-------");
        isContent();
    }

    @Test
    void writesNoLineForWhatDidNotHappen() throws Exception {
        List<String> before = Files.readAllLines(audit);
        shell.run("", "remove", "nobody");
        shell.run("", "promote", "relay");
        assertThat(Files.readAllLines(audit)).isEqualTo(before);
    }

    @Test
    void findsALineThatWasAlteredTakenOutOrCutOff() throws Exception {
        shell.run("y", "set", "relay");
        shell.run("z", "set", "relay");
        List<String> lines = Files.readAllLines(audit);
        Files.write(
                audit, lines.stream().map(line -> line.replace("set", "get")).toList());
        finds("line 3 does not follow from the one before");
        Files.write(audit, List.of(lines.get(0), lines.get(1), lines.get(3)));
        finds("line 3 does not follow");
        Files.write(audit, lines.subList(0, 3));
        finds("lacks the line of the vault's last change");
        Files.delete(audit);
        finds("the audit log " + audit + " is not there");
        Files.write(audit, lines);
        isContent();
    }

    @Test
    void makesNoChangeThatItCannotNote() throws Exception {
        byte[] before = Files.readAllBytes(shell.vault);
        Files.delete(audit);
        Files.createDirectory(audit);
        assertThat(shell.run("y", "set", "relay")).isEqualTo(1);
        assertThat(shell.vault).hasBinaryContent(before);
    }

    @Test
    void goesOnAfterHalfALineThatAPowerCutLeft() throws Exception {
        Files.writeString(audit, "{\"time\":\"2026", StandardOpenOption.APPEND);
        shell.run("y", "set", "relay");
        isContent();
        assertThat(Files.readAllLines(audit)).hasSize(3);
    }

    @Test
    void excusesTheLineOfAChangeThatWasCutOffBeforeTheVaultWasReplaced() throws Exception {
        byte[] before = Files.readAllBytes(shell.vault);
        Path lock = directory.resolve(".v.kdbx.postern-lock");
        String count = Files.readString(lock);
        shell.run("y", "set", "relay");
        Files.write(shell.vault, before);
        Files.writeString(lock, count);
        isContent();
        shell.run("z", "set", "relay");
        isContent();
    }
}
