// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.config.store.migrate.FakeVault;
import org.postern.spi.settings.StanzaCheck;

@Timeout(60)
class MigrateCommandTest {

    @TempDir
    Path directory;

    private final FakeVault vault = new FakeVault();
    private ConfigurationStore store;
    private MigrateCommand command;
    private String out = "";
    private String err = "";

    @BeforeEach
    void open() {
        store = new ConfigurationStore(new FakeContext(Map.of()).context(), new FakeConfigurationAdmin());
        store.addVocabulary(new LanguageVocabulary());
        store.addVocabulary(Words.ofEngine());
        store.addVocabulary(Words.ofBundles());
        command = new MigrateCommand(store);
        command.setVault(vault);
    }

    @AfterEach
    void leavesNoDrafts() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            assertThat(files).noneMatch(file -> file.getFileName().toString().contains(".migrating-"));
        }
    }

    private int run(Object... arguments) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        ByteArrayOutputStream complained = new ByteArrayOutputStream();
        int code = command.run(
                Stream.of(arguments).map(Object::toString).toList(),
                InputStream.nullInputStream(),
                new PrintStream(printed, true, StandardCharsets.UTF_8),
                new PrintStream(complained, true, StandardCharsets.UTF_8));
        out = printed.toString(StandardCharsets.UTF_8);
        err = complained.toString(StandardCharsets.UTF_8);
        return code;
    }

    private static Path resource(String name) {
        try {
            return Path.of(
                    MigrateCommandTest.class.getResource("/momentum/" + name).toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private Path file(String text) throws IOException {
        return Files.writeString(
                Files.createDirectories(directory.resolve("in")).resolve("m.conf"), text);
    }

    private int migrateFour(Path to) {
        return run(
                resource("four/conf/default/ecelerity.conf"),
                "--search-path",
                resource("four/conf/global"),
                "--out",
                to,
                "--vault");
    }

    @Test
    void movesTheTreeOfAMomentum4() throws IOException {
        Path to = directory.resolve("new");
        assertThat(migrateFour(to)).as(err).isEqualTo(1);
        assertThat(out)
                .contains("5 included files", "8 passwords, of which 8 can move to a vault, under 5 keys")
                .contains("10-bank.conf", "mail will wait: TLS = no holds here")
                .contains("belongs in Domain \"smart.example\"")
                .contains("a password stands in this URI")
                .contains("Hostname", "Spoolbase", "Security", "ThreadPool");
        String main = Files.readString(to.resolve("ecelerity.conf"));
        assertThat(main)
                .contains("# the hook reads contexts", "include \"listeners.conf\"", "include \"domains.d\"")
                .contains("readonly_include \"global/shared.conf\"")
                .contains("Outbound_SMTP_AUTH_User = \"mk\"   Outbound_SMTP_AUTH_Key = \"mk\"")
                .endsWith("}\n\n\nCredential_Vault {\n  File     = \"vault.kdbx\"\n  Key_File = \"vault.keyx\"\n}\n");
        assertThat(to.resolve("listeners.conf")).hasSameBinaryContentAs(resource("four/conf/default/listeners.conf"));
        assertThat(to.resolve("global/shared.conf")).hasSameBinaryContentAs(resource("four/conf/global/shared.conf"));
        assertThat(to.resolve("domains.d/.hidden")).doesNotExist();
    }

    @Test
    void showsNoPasswordAndKeepsFilesPrivate() throws IOException {
        Path to = directory.resolve("new");
        migrateFour(to);
        assertThat(vault.entries.values()).extracting(FakeVault.Entry::password).isNotEmpty();
        for (FakeVault.Entry entry : vault.entries.values()) {
            assertThat(out + err).doesNotContain(entry.password());
        }
        try (Stream<Path> files = Files.walk(to).filter(Files::isRegularFile)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".conf")).toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void movesAConfigurationOfMomentum5AndSaysWhatIsDifferent() {
        Path to = directory.resolve("new");
        assertThat(run(resource("five/ecelerity.conf"), "--out", to, "--vault"))
                .as(err)
                .isEqualTo(1);
        assertThat(to.resolve("ecelerity.conf"))
                .content()
                .contains("  Outbound_SMTP_AUTH_User = \"msys\"\n  /* Outbound_SMTP_AUTH_Pass is in the vault */\n"
                        + "  Outbound_SMTP_AUTH_Key = \"somestring\"\n");
        assertThat(vault.entries)
                .containsEntry("somestring", new FakeVault.Entry("msys", "msys-secret"))
                .containsEntry("someotherstring", new FakeVault.Entry("sparkpost", "sparkpost-secret"))
                .hasSize(3);
        assertThat(out)
                .contains("an access token that is written down")
                .contains("both hooks are called here")
                .contains("Momentum reads the file that is named here after all others");
    }

    @Test
    void keepsEveryCharacterOfAPassword() throws IOException {
        String password = "a'b \\d+ \\\\ # {x} = ( ] ü € 𝄞 <&> \t:";
        Path main = file("Outbound_SMTP_AUTH_User = \"u ü\"\r\nOutbound_SMTP_AUTH_Pass = \""
                + password.replace("\\\\", "\\\\\\\\") + "\" # and a comment\r\n");
        run(main, "--out", directory.resolve("new"), "--vault");
        assertThat(vault.entries).containsExactly(Map.entry("u-", new FakeVault.Entry("u ü", password)));
        assertThat(directory.resolve("new/m.conf"))
                .content()
                .startsWith("Outbound_SMTP_AUTH_User = \"u ü\"\r\nOutbound_SMTP_AUTH_Key = \"u-\" # and a comment\r\n");
    }

    @Test
    void keepsAByteOrderMark() throws IOException {
        Path main = file("\uFEFFOutbound_SMTP_AUTH_User = u Outbound_SMTP_AUTH_Pass = p");
        run(main, "--out", directory.resolve("new"));
        assertThat(directory.resolve("new/m.conf"))
                .hasContent("\uFEFFOutbound_SMTP_AUTH_User = u Outbound_SMTP_AUTH_Key = \"u\"");
    }

    @Test
    void writesTheSameTwiceAndLeavesNothingToMoveAThirdTime() throws IOException {
        migrateFour(directory.resolve("one"));
        migrateFour(directory.resolve("two"));
        for (String name : List.of("ecelerity.conf", "domains.d/10-bank.conf", "global/partner-account.conf")) {
            assertThat(directory.resolve("one").resolve(name))
                    .hasSameBinaryContentAs(directory.resolve("two").resolve(name));
        }
        Path again = Files.createDirectories(directory.resolve("in"));
        Path main =
                Files.writeString(again.resolve("m.conf"), "Outbound_SMTP_AUTH_User = u Outbound_SMTP_AUTH_Key = k");
        run(main, "--out", directory.resolve("three"), "--vault");
        assertThat(directory.resolve("three/m.conf")).hasSameBinaryContentAs(main);
        assertThat(directory.resolve("three/vault.kdbx")).doesNotExist();
    }

    @Test
    void leavesAPasswordThatReadsAsAReferenceAndSaysWhatToWrite() throws IOException {
        Path main = file("""
                Outbound_SMTP_AUTH_User = u
                Domain a { Outbound_SMTP_AUTH_Pass = "vault:x" }
                Domain b { Outbound_SMTP_AUTH_Pass = "user:x" }
                """);
        assertThat(run(main, "--out", directory.resolve("new"), "--vault")).isEqualTo(1);
        assertThat(out)
                .contains(
                        "m.conf:2:12 (domain a): this password stays in the file: Outbound_SMTP_AUTH_Pass at ",
                        "m.conf:2:12 reads as a reference to a credential store",
                        "m.conf:2:12: Outbound_SMTP_AUTH_Pass begins as a reference to a credential store does",
                        "literal: before it")
                .doesNotContain("m.conf:3:12 (domain b): this password stays");
        assertThat(directory.resolve("new/m.conf"))
                .content()
                .contains("\"vault:x\"")
                .doesNotContain("user:x");
    }

    @Test
    void leavesAPasswordWhoseKeyAHookWouldMistake() throws IOException {
        Path main = file("""
                Outbound_SMTP_AUTH_Key = "for-the-hook"
                Domain a { Outbound_SMTP_AUTH_User = u Outbound_SMTP_AUTH_Pass = p }
                """);
        assertThat(run(main, "--out", directory.resolve("new"))).isEqualTo(1);
        assertThat(out)
                .contains("m.conf:2:40 (domain a): this password stays in the file: messages that it holds for"
                        + " may have the key of " + main + ":1:1");
        assertThat(directory.resolve("new/m.conf")).hasSameBinaryContentAs(main);
    }

    @Test
    void endsWithNoughtWhereNothingNeedsAHand() throws IOException {
        Path main = file("Outbound_SMTP_AUTH_User = u Outbound_SMTP_AUTH_Pass = p Hostname = x");
        assertThat(run(main)).isZero();
        assertThat(out)
                .contains("STARTTLS is used if it is offered", "Outbound_SMTP_AUTH_Allow_Unverified_TLS", "Hostname");
        assertThat(run(main, "--json")).isZero();
        assertThat(out).startsWith("{\"file\":").contains("\"needsHand\":0", "\"ignored\":1");
    }

    @Test
    void asksTheBundlesAboutTheirStanzas() throws IOException {
        command.addCheck(new StanzaCheck() {
            @Override
            public String pid() {
                return "org.postern.datasource";
            }

            @Override
            public List<Finding> check(Map<String, ?> properties) {
                return List.of(new Finding(
                        true,
                        "",
                        "it has " + properties.keySet().stream().sorted().toList()));
            }
        });
        assertThat(run(file("Datasource d { Uri = \"sqlite:x\" }"))).isEqualTo(1);
        assertThat(out).contains("Datasource d: it has [postern.config.directory, uri]");
    }

    @Test
    void readsScriptsAndNamesFunctionsThatAreNotOffered() throws IOException {
        Files.createDirectories(directory.resolve("in/lib"));
        Files.writeString(directory.resolve("in/hook.lua"), """
                require("msys.core"); local common = require('lib.common')
                -- msys.timer.every is only spoken of here
                msys.registerModule("hook", {}); print("msys.counter.inc")
                """);
        Files.writeString(directory.resolve("in/lib/common.lua"), "\n\nmsys.timer.every(1, f)\n");
        store.addVocabulary(Words.of(List.of(), List.of(Words.SCRIPTLET)));
        Path main = file("""
                scriptlet "scriptlet" { script "a" { source = "hook" } script "b" { source = "missing" } }
                """);
        assertThat(run(main, "--out", directory.resolve("new"))).isEqualTo(1);
        assertThat(out)
                .contains("common.lua:3: the script uses msys.timer.every, which is not offered here")
                .contains("m.conf:1:69: a script that is named here is not found")
                .doesNotContain("msys.counter");
        assertThat(directory.resolve("new/lib/common.lua"))
                .hasSameBinaryContentAs(directory.resolve("in/lib/common.lua"));
        assertThat(directory.resolve("new/hook.lua")).exists();
    }

    @Test
    void refusesToWriteOverWhatIsThere() throws IOException {
        Path main = file("Outbound_SMTP_AUTH_User = u Outbound_SMTP_AUTH_Pass = p");
        Path to = Files.createDirectories(directory.resolve("new"));
        Files.writeString(to.resolve("mine"), "x");
        assertThat(run(main, "--out", to)).isEqualTo(1);
        assertThat(err).contains("is not empty; --force moves it aside");
        assertThat(run(main, "--out", to, "--force")).isZero();
        assertThat(to.resolve("mine")).doesNotExist();
        assertThat(directory.resolve("new.1/mine")).hasContent("x");
        assertThat(run(main, "--out", directory.resolve("in"), "--force")).isEqualTo(1);
        assertThat(err).contains("holds the configuration that is read");
    }

    @Test
    void neverReplacesAVaultAndLeavesTheRestOfItsFolder() throws IOException {
        Path main = file("Outbound_SMTP_AUTH_User = u Outbound_SMTP_AUTH_Pass = p");
        Path safe = Files.createDirectories(directory.resolve("safe"));
        Files.writeString(safe.resolve("other"), "x");
        assertThat(run(main, "--vault", safe)).as(err).isZero();
        assertThat(safe.resolve("other")).hasContent("x");
        assertThat(safe.resolve("vault.kdbx")).exists();
        assertThat(run(main, "--out", directory.resolve("new"), "--vault", safe))
                .isEqualTo(1);
        assertThat(err).contains("vault.kdbx is there already");
        assertThat(directory.resolve("new")).doesNotExist();
    }

    @Test
    void writesNothingWhereTheVaultCannotBeMade() throws IOException {
        command.unsetVault(vault);
        Path main = file("Outbound_SMTP_AUTH_User = u Outbound_SMTP_AUTH_Pass = p");
        assertThat(run(main, "--out", directory.resolve("new"), "--vault")).isEqualTo(1);
        assertThat(err).contains("no bundle here offers the verb vault");
        assertThat(directory.resolve("new")).doesNotExist();
    }

    @Test
    void namesTheCommandsThatFillAVaultWhereNoneIsMade() throws IOException {
        Path main = file("Outbound_SMTP_AUTH_User = \"o'brien\" Outbound_SMTP_AUTH_Pass = p");
        assertThat(run(main, "--out", directory.resolve("new"))).isZero();
        assertThat(out).contains("postern vault set 'o-brien' --user 'o'\\''brien'");
    }

    @Test
    void endsWithThreeWhatCannotBeRead() throws IOException {
        Path main = file("include \"missing.conf\"");
        assertThat(run(main)).isEqualTo(3);
        assertThat(err).contains("missing.conf does not exist");
        Files.writeString(main, "include \"m.conf\"");
        assertThat(run(main)).isEqualTo(3);
        assertThat(err).contains("in a circle");
        Files.write(main, new byte[] {0x7F, 'E', 'L', 'F', 0, (byte) 0xFF});
        assertThat(run(main, "--out", directory.resolve("new"))).isEqualTo(3);
        assertThat(directory.resolve("new")).doesNotExist();
        Files.writeString(main, "");
        assertThat(run(main)).isEqualTo(3);
        assertThat(run(directory.resolve("nowhere"))).isEqualTo(3);
        assertThat(run(directory)).isEqualTo(3);
    }

    @Test
    void rewritesTheIncludesThatWouldLeadBackToTheOldTree() throws IOException {
        Path elsewhere = Files.createDirectories(directory.resolve("elsewhere/d"));
        Files.writeString(elsewhere.resolve("a.conf"), "Idle_Timeout = 1 include \"../b.conf\"");
        Files.writeString(elsewhere.resolveSibling("b.conf"), "TLS = required");
        Path main = file("include \"" + elsewhere + "\" # all\nReadOnly_Include inside.conf\ninclude \""
                + directory.resolve("in/inside.conf") + "\"\n");
        Files.writeString(main.resolveSibling("inside.conf"), "Remote_SMTP_Port = 26");
        assertThat(run(main, "--out", directory.resolve("new"))).as(err + out).isZero();
        assertThat(directory.resolve("new/m.conf"))
                .hasContent("include \"d\" # all\nReadOnly_Include inside.conf\ninclude \"inside.conf\"\n");
        assertThat(directory.resolve("new/d/a.conf")).hasContent("Idle_Timeout = 1 include \"../elsewhere/b.conf\"");
        assertThat(directory.resolve("new/elsewhere/b.conf")).exists();
    }

    @Test
    void saysThatAFileMayNotBeRead() throws IOException {
        Path main = file("include \"closed.conf\"");
        Path closed = Files.writeString(main.resolveSibling("closed.conf"), "TLS = required");
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
        Assumptions.assumeFalse(Files.isReadable(closed), "root reads everything");
        assertThat(run(main)).isEqualTo(3);
        assertThat(err).contains("no permission to read");
    }

    @Test
    void movesAPasswordOfAMegabyte() throws IOException {
        String password = "x".repeat(1 << 20);
        Path main = file("Outbound_SMTP_AUTH_User = u Outbound_SMTP_AUTH_Pass = \"" + password + "\"");
        assertThat(run(main, "--out", directory.resolve("new"), "--vault"))
                .as(err)
                .isZero();
        assertThat(vault.entries.get("u").password()).isEqualTo(password);
    }

    @Test
    void refusesWrongArguments() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("a", "b")).isEqualTo(2);
        assertThat(run("a", "--nonsense")).isEqualTo(2);
        assertThat(run("a", "--out")).isEqualTo(2);
        assertThat(run("a", "--vault")).isEqualTo(2);
        assertThat(run("a", "--force")).isEqualTo(2);
        assertThat(run("\0")).isEqualTo(2);
        assertThat(run("--help")).isZero();
        assertThat(out).contains("Exit codes:");
    }
}
