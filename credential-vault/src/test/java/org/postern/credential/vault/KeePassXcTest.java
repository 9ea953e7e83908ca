// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postern.credential.vault.document.VaultDocument;
import org.postern.credential.vault.document.VaultEntry;
import org.postern.credential.vault.file.VaultFile;
import org.postern.credential.vault.kdbx.KdbxMakes;
import org.postern.credential.vault.key.KeySource;
import org.postern.spi.credential.Secret;

/** KeePassXC as the judge, both ways. Skipped where Debian's package {@code keepassxc} is not installed. */
class KeePassXcTest {

    private static final String USER = "üser@example.com";
    private static final String PASSWORD = "Pässwörd <&> \uD83D\uDD11 \"пароль\" ";
    private static final String PHRASE = "Schlüssel zum Tresor";

    @TempDir
    Path directory;

    @BeforeAll
    static void needsKeePassXc() {
        boolean installed = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "keepassxc-cli")));
        assumeThat(installed)
                .as("keepassxc-cli is not installed: apt-get install keepassxc to run the tests against KeePassXC")
                .isTrue();
    }

    @Test
    void opensTheVaultAndShowsWhatWeWrote() throws Exception {
        VaultFixture vault = VaultFixture.in(directory).set("relay", USER, PASSWORD);
        vault.edit("relay", entry -> {
            entry.mechanism("LOGIN");
            entry.hosts(Set.of("mx1.example.com", "mx2.example.com"));
        });
        for (int i = 0; i < 12; i++) {
            vault.set("relay", USER, PASSWORD);
        }
        assertThat(show(vault, "UserName")).isEqualTo(USER);
        assertThat(show(vault, "Password")).isEqualTo(PASSWORD);
        assertThat(show(vault, "Mechanism")).isEqualTo("LOGIN");
        assertThat(show(vault, "Hosts")).isEqualTo("mx1.example.com mx2.example.com");
    }

    @Test
    void opensTheVaultWithTheKeyFileThatWeWrite() throws Exception {
        VaultFixture vault = VaultFixture.in(directory).set("relay", USER, PASSWORD);
        byte[] raw = Files.readAllBytes(vault.key());
        Files.write(vault.key(), org.postern.credential.vault.key.KeyFileFormat.write(raw));
        assertThat(show(vault, "Password")).isEqualTo(PASSWORD);
        assertThat(vault.file().<Integer>read(document -> document.entries().size()))
                .isEqualTo(1);
        Files.writeString(vault.key(), HexFormat.of().formatHex(raw));
        assertThat(show(vault, "Password")).isEqualTo(PASSWORD);
        assertThat(vault.file().<Integer>read(document -> document.entries().size()))
                .isEqualTo(1);
    }

    @Test
    void opensOurVaultByItsPassphrase() throws Exception {
        VaultFile file = new VaultFile(
                directory.resolve("phrase.kdbx"), new KeySource.KeyVariable("PHRASE", Map.of("PHRASE", PHRASE)));
        file.create(java.time.InstantSource.system());
        new VaultFixture(file).set("relay", USER, PASSWORD);
        String shown = keepassxc(
                PHRASE + "\n", "show", "-q", "-s", "-a", "Password", file.path().toString(), "relay");
        assertThat(shown).isEqualTo(PASSWORD + "\n");
    }

    static Stream<KdbxMakes.Make> makes() throws IOException {
        return KdbxMakes.all().stream();
    }

    /** KeePassXC rewrites a file in the make that it found, so each of them is tried as KeePassXC writes it. */
    @ParameterizedTest
    @MethodSource("makes")
    void readsEveryMakeAsKeePassXcRewritesIt(KdbxMakes.Make make) throws Exception {
        Path path = directory.resolve("made.kdbx");
        Files.write(path, make.seal(VaultDocument.empty("Made", Instant.now()), PHRASE));
        String secret = "geheim-ключ";
        keepassxc(PHRASE + "\n" + secret + "\n", "add", "-q", "-p", "-u", USER, path.toString(), "theirs");
        assertThat(keepassxc(PHRASE + "\n", "db-info", "-q", path.toString())).contains(make.shownByKeePassXc());
        VaultFile file = new VaultFile(path, new KeySource.KeyVariable("PHRASE", Map.of("PHRASE", PHRASE)));
        check(file, "theirs", secret);
        new VaultFixture(file).set("ours", USER, PASSWORD);
        assertThat(keepassxc(PHRASE + "\n", "ls", "-q", path.toString()).lines())
                .containsExactlyInAnyOrder("theirs", "ours");
        check(file, "theirs", secret);
    }

    @Test
    void readsAVaultThatKeePassXcMadeAndKeepsWhatIsNotOurs() throws Exception {
        Path xml = directory.resolve("import.xml");
        Files.writeString(xml, IMPORT);
        Path path = directory.resolve("imported.kdbx");
        keepassxc(PHRASE + "\n" + PHRASE + "\n", "import", "-q", "-p", xml.toString(), path.toString());
        VaultFile file = new VaultFile(path, new KeySource.KeyVariable("PHRASE", Map.of("PHRASE", PHRASE)));
        file.<Void>read(document -> {
            VaultEntry entry = document.entries("relay").get(0);
            assertThat(entry.user()).isEqualTo("someone");
            assertThat(entry.mechanism()).contains("LOGIN");
            assertThat(entry.hosts()).containsExactly("a.example", "b.example");
            assertThat(entry.password()).isEqualTo(Secret.of("pässwort"));
            assertThat(entry.expiry()).contains(Instant.parse("2027-01-31T00:00:00Z"));
            return null;
        });
        new VaultFixture(file).set("relay", "someone", "rotated");
        String exported = keepassxc(PHRASE + "\n", "export", "-q", "-f", "xml", path.toString());
        assertThat(exported)
                .contains("<Value>of another tool</Value>")
                .contains("<Notes>two\nlines</Notes>")
                .contains("rotated")
                .contains("pässwort");
    }

    @Test
    void keepsAttachments() throws Exception {
        VaultFixture vault = VaultFixture.in(directory).set("relay", USER, PASSWORD);
        Path attachment = directory.resolve("a.bin");
        Files.write(attachment, new byte[] {0, 1, 2, (byte) 0xff});
        String[] at = {vault.path().toString(), "relay", "a.bin"};
        keepassxc("", with(vault, "attachment-import", at, attachment.toString()));
        vault.set("relay", USER, "rotated");
        Path back = directory.resolve("back.bin");
        keepassxc("", with(vault, "attachment-export", at, back.toString()));
        assertThat(back).hasBinaryContent(new byte[] {0, 1, 2, (byte) 0xff});
        assertThat(show(vault, "Password")).isEqualTo("rotated");
    }

    @Test
    void leavesOutWhatKeePassXcMovedToTheRecycleBin() throws Exception {
        VaultFixture vault =
                VaultFixture.in(directory).set("relay", USER, PASSWORD).set("other", USER, PASSWORD);
        keepassxc("", with(vault, "rm", new String[] {vault.path().toString(), "relay"}));
        assertThat(vault.file()
                        .<List<String>>read(document -> document.entries().stream()
                                .map(VaultEntry::title)
                                .toList()))
                .containsExactly("other");
        assertThat(keepassxc(
                        "", with(vault, "ls", new String[] {"-R", vault.path().toString()})))
                .contains("relay");
    }

    private static final String IMPORT = """
            <?xml version="1.0" encoding="UTF-8"?>
            <KeePassFile>
              <Meta><Generator>test</Generator><DatabaseName>Imported</DatabaseName></Meta>
              <Root><Group><UUID>JnSHAvUHRImImSFGbmklcQ==</UUID><Name>Mail</Name><Notes>two
            lines</Notes>
                <CustomData><Item><Key>kept</Key><Value>of another tool</Value></Item></CustomData>
                <Entry><UUID>Fm3xrzoZTYS/WR7kXdQiAQ==</UUID>
                  <Times><Expires>True</Expires><ExpiryTime>2027-01-31T00:00:00Z</ExpiryTime></Times>
                  <String><Key>Title</Key><Value>relay</Value></String>
                  <String><Key>UserName</Key><Value>someone</Value></String>
                  <String><Key>Password</Key><Value ProtectInMemory="True">pässwort</Value></String>
                  <String><Key>Mechanism</Key><Value>LOGIN</Value></String>
                  <String><Key>Hosts</Key><Value>b.example a.example</Value></String>
                </Entry>
              </Group></Root>
            </KeePassFile>
            """;

    private static void check(VaultFile file, String title, String secret) throws IOException {
        file.<Void>read(document -> {
            VaultEntry entry = document.entries(title).get(0);
            assertThat(entry.user()).isEqualTo(USER);
            assertThat(entry.password()).isEqualTo(Secret.of(secret));
            return null;
        });
    }

    private static String show(VaultFixture vault, String attribute) throws Exception {
        String[] rest = {"-s", "-a", attribute, vault.path().toString(), "relay"};
        String shown = keepassxc("", with(vault, "show", rest));
        return shown.substring(0, shown.length() - 1);
    }

    private static String[] with(VaultFixture vault, String verb, String[] rest, String... more) {
        List<String> words = new ArrayList<>(
                List.of(verb, "-q", "--no-password", "-k", vault.key().toString()));
        words.addAll(Arrays.asList(rest));
        words.addAll(Arrays.asList(more));
        return words.toArray(String[]::new);
    }

    private static String keepassxc(String input, String... words) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("keepassxc-cli"));
        line.addAll(Arrays.asList(words));
        Path errors = Files.createTempFile("keepassxc", ".err");
        ProcessBuilder builder = new ProcessBuilder(line).redirectError(errors.toFile());
        builder.environment().putAll(Map.of("LC_ALL", "C.UTF-8", "QT_QPA_PLATFORM", "offscreen"));
        Process process = builder.start();
        try (var to = process.getOutputStream()) {
            to.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as("keepassxc-cli %s: %s", words[0], Files.readString(errors))
                .isZero();
        Files.delete(errors);
        return output;
    }
}
