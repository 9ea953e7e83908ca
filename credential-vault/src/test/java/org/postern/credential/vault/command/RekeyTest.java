// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.credential.vault.key.KeyFileFormat;

/** The vault's own key is changed, also where somebody pulls the plug in between. */
class RekeyTest {

    @TempDir
    Path directory;

    private VaultShell shell;

    @BeforeEach
    void aVault() {
        shell = new VaultShell(directory);
        shell.run("", "init");
        shell.run("secret", "set", "relay", "--user", "u");
    }

    private void opens(String... key) {
        String[] line = new String[key.length + 3];
        line[0] = "get";
        line[1] = "relay";
        line[2] = "--reveal";
        System.arraycopy(key, 0, line, 3, key.length);
        assertThat(shell.run("", line)).as(shell.err()).isZero();
        assertThat(shell.out()).isEqualTo("secret\n");
    }

    @Test
    void replacesTheKeyFileInItsPlace() throws Exception {
        byte[] old = Files.readAllBytes(shell.key);
        assertThat(shell.run("", "rekey")).as(shell.err()).isZero();
        assertThat(Files.readAllBytes(shell.key)).isNotEqualTo(old);
        assertThat(directory.resolve("v.keyx.next")).doesNotExist();
        opens();
        Files.write(shell.key, old);
        assertThat(shell.run("", "list")).isEqualTo(1);
        assertThat(shell.err()).contains("does not open with this key");
    }

    @Test
    void opensWithTheSuccessorThatACutOffChangeLeftAndCompletesTheChange() throws Exception {
        byte[] old = Files.readAllBytes(shell.key);
        shell.run("", "rekey");
        // As if the power had failed between the vault's replacement and that of its key.
        Path next = directory.resolve("v.keyx.next");
        Files.move(shell.key, next);
        Files.write(shell.key, old);
        Files.setPosixFilePermissions(shell.key, Files.getPosixFilePermissions(next));
        opens();
        assertThat(shell.run("", "rekey")).as(shell.err()).isZero();
        assertThat(next).doesNotExist();
        opens();
    }

    @Test
    void dropsASuccessorThatNothingWasSealedWith() throws Exception {
        Path next = directory.resolve("v.keyx.next");
        Files.copy(shell.key, next, StandardCopyOption.COPY_ATTRIBUTES);
        Files.write(next, KeyFileFormat.random());
        opens();
        assertThat(shell.run("", "rekey")).as(shell.err()).isZero();
        assertThat(next).doesNotExist();
        opens();
    }

    @Test
    void goesFromAKeyFileToAPassphraseAndBack() {
        assertThat(shell.run("my new phrase\n", "rekey", "--new-passphrase"))
                .as(shell.err())
                .isZero();
        assertThat(shell.out()).contains("Argon2id with 65536 KiB");
        assertThat(shell.run("", "list")).isEqualTo(1);
        assertThat(shell.run("my new phrase\n", "get", "relay", "--reveal", "--passphrase"))
                .isZero();
        assertThat(shell.out()).isEqualTo("secret\n");
        assertThat(shell.run("wrong\n", "list", "--passphrase")).isEqualTo(1);
        assertThat(shell.err()).contains("the passphrase typed").doesNotContain("wrong");
        Path fresh = directory.resolve("fresh.keyx");
        assertThat(shell.run("my new phrase\n", "rekey", "--passphrase", "--new-key-file", fresh.toString()))
                .as(shell.err())
                .isZero();
        assertThat(shell.out()).contains("Argon2id with 1024 KiB");
        opens("--key-file", fresh.toString());
    }

    @Test
    void takesTheVaultsPassphraseAndTheSecretFromTwoLinesOfTheInput() {
        shell.run("phrase\n", "rekey", "--new-passphrase");
        assertThat(shell.run("phrase\nanother\n", "set", "relay", "--passphrase"))
                .as(shell.err())
                .isZero();
        assertThat(shell.run("phrase\n", "get", "relay", "--reveal", "--passphrase"))
                .isZero();
        assertThat(shell.out()).isEqualTo("another\n");
    }

    @Test
    void sealsWithTheKeyInTheEnvironment() {
        assertThat(shell.run("", "rekey", "--new-key-env", "PHRASE"))
                .as(shell.err())
                .isZero();
        opens("--key-env", "PHRASE");
        assertThat(shell.run("", "rekey", "--key-env", "PHRASE")).isEqualTo(2);
        assertThat(shell.err()).contains("name the new one");
    }

    @Test
    void overwritesNoKeyFileAndTakesOneNewKey() {
        assertThat(shell.run("", "rekey", "--new-key-file", shell.key.toString()))
                .isEqualTo(1);
        assertThat(shell.err()).contains("is there already");
        assertThat(shell.run("", "rekey", "--new-key-env", "HEX", "--new-passphrase"))
                .isEqualTo(2);
        assertThat(shell.run("", "list", "--passphrase", "--key-env", "HEX")).isEqualTo(2);
        opens();
    }
}
