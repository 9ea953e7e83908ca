// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.credential.vault.VaultFixture;
import org.postern.credential.vault.document.VaultEntry;
import org.postern.spi.credential.Secret;

/** Two secrets of one entry: the present one, and the one that is to replace it. */
class RotationTest {

    private VaultShell shell;

    @BeforeEach
    void oneEntry(@TempDir Path directory) {
        shell = new VaultShell(directory);
        shell.run("", "init");
        shell.run("present", "set", "relay", "--user", "u", "--note", "since May");
    }

    private String revealed(String... more) {
        String[] line = new String[more.length + 3];
        line[0] = "get";
        line[1] = "relay";
        line[2] = "--reveal";
        System.arraycopy(more, 0, line, 3, more.length);
        assertThat(shell.run("", line)).as(shell.err()).isZero();
        return shell.out();
    }

    @Test
    void showsTheSecretOnlyToThoseWhoAskForIt() {
        assertThat(shell.run("", "get", "relay")).isZero();
        assertThat(shell.out())
                .contains("user:           u", "note:           since May")
                .doesNotContain("present");
        assertThat(revealed()).isEqualTo("present\n");
    }

    @Test
    void keepsThePresentSecretInUseUntilTheNextOneIsPromoted() throws Exception {
        String before = version();
        assertThat(shell.run("next one", "rotate", "relay")).isZero();
        assertThat(version()).isEqualTo(before);
        assertThat(revealed()).isEqualTo("present\n");
        assertThat(revealed("--next")).isEqualTo("next one\n");
        assertThat(shell.run("", "promote", "relay")).isZero();
        assertThat(version()).isNotEqualTo(before);
        assertThat(revealed()).isEqualTo("next one\n");
        assertThat(shell.run("", "promote", "relay")).isEqualTo(1);
        assertThat(shell.err()).contains("has no next secret");
    }

    @Test
    void keepsNoNextSecretInTheHistory() throws Exception {
        shell.run("next one", "rotate", "relay");
        shell.run("third", "set", "relay");
        shell.run("", "rotate", "relay", "--discard");
        assertThat(shell.run("", "export", "--reveal")).isZero();
        assertThat(shell.out()).contains("present", "third").doesNotContain("next one");
    }

    @Test
    void forgetsTheNextSecretWhenAsked() {
        shell.run("next one", "rotate", "relay");
        assertThat(shell.run("", "list")).isZero();
        assertThat(shell.out()).contains("+next");
        assertThat(shell.run("", "rotate", "relay", "--discard")).isZero();
        assertThat(shell.run("", "get", "relay", "--reveal", "--next")).isEqualTo(1);
        assertThat(shell.run("", "rotate", "relay", "--discard")).isEqualTo(1);
    }

    @Test
    void makesASecretOfItsOwn() {
        assertThat(shell.run("", "rotate", "relay", "--generate")).isZero();
        String one = revealed("--next");
        shell.run("", "rotate", "relay", "--generate");
        assertThat(one).matches("[A-Za-z2-9]{32}\n").isNotEqualTo(revealed("--next"));
    }

    @Test
    void refusesContradictions() {
        assertThat(shell.run("", "rotate", "relay", "--generate", "--discard")).isEqualTo(2);
        assertThat(shell.run("", "get", "relay", "--next")).isEqualTo(2);
        assertThat(shell.run("x", "rotate", "nobody")).isEqualTo(1);
        assertThat(shell.err()).contains("has no entry \"nobody\"");
    }

    @Test
    void promotesASecretThatIsNoText() throws Exception {
        byte[] octets = {(byte) 0xff, 0, 'x'};
        shell.file().change(VaultFixture.EDIT, document -> {
            VaultEntry entry = document.entries("relay").getFirst();
            try (Secret next = Secret.copyOf(octets)) {
                entry.next(next);
            }
            return null;
        });
        shell.run("", "promote", "relay");
        assertThat(shell.file()
                        .<Secret>read(
                                document -> document.entries("relay").getFirst().password()))
                .isEqualTo(Secret.copyOf(octets));
    }

    private String version() throws Exception {
        return shell.file()
                .read(document -> document.entries("relay").getFirst().version().toString());
    }
}
