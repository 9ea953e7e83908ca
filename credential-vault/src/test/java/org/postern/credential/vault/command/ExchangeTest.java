// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.credential.vault.VaultFixture;
import org.postern.spi.credential.Secret;

/** Vaults in clear, out and in. */
class ExchangeTest {

    private static final String ODD = "p<&>\"'ä\uD83D\uDD11 \\ ;,:=";

    @TempDir
    Path directory;

    private VaultShell shell;

    @BeforeEach
    void aVault() {
        shell = new VaultShell(directory);
        shell.run("", "init");
        shell.run(ODD, "set", "relay", "--user", "u,=;", "--mechanism", "LOGIN", "--host", "a.example", "--note", "n");
        shell.run("two", "set", "other", "--user", "v", "--expires", "2027-01-31");
    }

    private VaultShell another() throws Exception {
        VaultShell other = new VaultShell(Files.createDirectory(directory.resolve("other")));
        other.run("", "init");
        return other;
    }

    @Test
    void asksWhetherSecretsInClearAreMeant() {
        assertThat(shell.run("", "export")).isEqualTo(2);
        assertThat(shell.err()).contains("--reveal");
        assertThat(shell.out()).isEmpty();
    }

    @Test
    void takesEverythingFromOneVaultToAnother() throws Exception {
        assertThat(shell.run("", "export", "--reveal")).isZero();
        VaultShell other = another();
        assertThat(other.run(shell.out(), "import")).as(other.err()).isZero();
        assertThat(other.out()).isEqualTo("Added 2, changed 0, left as they are 0.\n");
        assertThat(other.run("", "get", "relay", "--reveal")).isZero();
        assertThat(other.out()).isEqualTo(ODD + "\n");
        other.run("", "list", "--json");
        assertThat(other.out())
                .contains("\"user\":\"u,=;\"", "LOGIN", "a.example", "2027-01-31T00:00:00Z", "\"note\":\"n\"");
        assertThat(Files.readAllBytes(other.vault)).asString().doesNotContain(ODD);
    }

    @Test
    void writesAFileForTheOwnerAloneAndOverwritesNone() throws Exception {
        Path export = directory.resolve("export.xml");
        assertThat(shell.run("", "export", "--reveal", "--to", export.toString()))
                .isZero();
        assertThat(shell.out()).isEmpty();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(export)))
                .isEqualTo("rw-------");
        assertThat(shell.run("", "export", "--reveal", "--to", export.toString()))
                .isEqualTo(1);
        VaultShell other = another();
        assertThat(other.run("", "import", "--from", export.toString())).isZero();
    }

    @Test
    void leavesEntriesThatDifferUnlessItMayReplaceThem() throws Exception {
        shell.run("", "export", "--reveal");
        String export = shell.out();
        shell.run("changed since", "set", "relay");
        assertThat(shell.run(export, "import")).isZero();
        assertThat(shell.out()).isEqualTo("Added 0, changed 0, left as they are 1.\n");
        assertThat(shell.err()).contains("\"relay\" is there and differs");
        assertThat(shell.run(export, "import", "--replace")).isZero();
        assertThat(shell.out()).isEqualTo("Added 0, changed 1, left as they are 0.\n");
        shell.run("", "get", "relay", "--reveal");
        assertThat(shell.out()).isEqualTo(ODD + "\n");
        shell.run("", "get", "relay");
        assertThat(shell.out()).contains("earlier states: 2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<",
                "no xml",
                "<html></html>",
                "<KeePassFile/>",
                "<KeePassFile><Root><Group><Entry/></Group></Root></KeePassFile>",
                "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><KeePassFile>&e;</KeePassFile>",
                "<KeePassFile><Root><Group><Entry><String><Key>Title</Key><Value>a</Value></String></Entry>"
                        + "<Entry><String><Key>Title</Key><Value>a</Value></String></Entry></Group></Root></KeePassFile>",
                "<KeePassFile><Root><Group><Entry><String><Key>Title</Key><Value>a</Value></String><String>"
                        + "<Key>Password</Key><Value Protected='True'>AAAA</Value></String></Entry></Group></Root>"
                        + "</KeePassFile>"
            })
    void takesNothingFromABrokenExport(String export) throws Exception {
        byte[] before = Files.readAllBytes(shell.vault);
        assertThat(shell.run(export, "import", "--replace")).isEqualTo(1);
        assertThat(shell.err()).contains("standard input");
        assertThat(shell.vault).hasBinaryContent(before);
    }

    @Test
    void namesTheVaultWhoseSecretCannotBeWrittenAsText() throws Exception {
        shell.file().change(VaultFixture.EDIT, document -> {
            try (Secret binary = Secret.copyOf(new byte[] {(byte) 0xff, 1})) {
                document.entries("relay").getFirst().password(binary);
            }
            return null;
        });
        assertThat(shell.run("", "export", "--reveal")).isEqualTo(1);
        assertThat(shell.err()).contains(shell.vault.toString()).contains("has a secret that is no text");
        assertThat(shell.out()).isEmpty();
    }
}
