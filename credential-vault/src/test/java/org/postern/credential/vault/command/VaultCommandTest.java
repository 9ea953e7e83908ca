// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.credential.vault.VaultFixture;
import org.postern.credential.vault.file.VaultFile;
import org.postern.credential.vault.key.KeySource;
import org.postern.spi.credential.Secret;

class VaultCommandTest {

    private static final String CANARY = "canary-Cm92pL-secret";

    @TempDir
    Path directory;

    private Path vault;
    private Path key;
    private String out;
    private String err;

    @BeforeEach
    void names() {
        vault = directory.resolve("v.kdbx");
        key = directory.resolve("v.keyx");
    }

    @Test
    void makesAVaultAndItsKeyForTheOwnerAlone() throws Exception {
        assertThat(run("", "init")).isZero();
        assertThat(out).contains(vault.toString()).contains(key.toString()).contains("Argon2id with 1024 KiB");
        for (Path made : List.of(vault, key)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                    .isEqualTo("rw-------");
        }
        assertThat(run("", "list")).isZero();
    }

    @Test
    void overwritesNeitherVaultNorKey() throws Exception {
        run("", "init");
        byte[] before = Files.readAllBytes(key);
        assertThat(run("", "init")).isEqualTo(1);
        assertThat(err).contains("is there already");
        Files.delete(vault);
        assertThat(run("", "init")).isEqualTo(1);
        assertThat(err).contains("key file " + key);
        assertThat(vault).doesNotExist();
        assertThat(key).hasBinaryContent(before);
    }

    @Test
    void leavesNoKeyBehindWhenTheVaultCannotBeMade() {
        vault = directory.resolve("none").resolve("v.kdbx");
        assertThat(run("", "init", "--key-file", key.toString())).isEqualTo(1);
        assertThat(err).contains("no such file");
        assertThat(key).doesNotExist();
    }

    @Test
    void stretchesAPassphraseHarder() {
        assertThat(run("", "init", "--key-env", "PHRASE")).isZero();
        assertThat(out).contains("Argon2id with 65536 KiB, 3 passes").doesNotContain("a good phrase");
        assertThat(key).doesNotExist();
        assertThat(run(CANARY, "set", "relay", "--user", "u", "--key-env", "PHRASE"))
                .isZero();
        assertThat(run("", "list", "--key-env", "PHRASE")).isZero();
        assertThat(run("", "list", "--key-env", "HEX")).isEqualTo(1);
        assertThat(err).contains("does not open with this key").contains("environment variable HEX");
    }

    @ParameterizedTest
    @CsvSource({"'',secret", "'\n',secret", "'\r\n',secret", "'\nsecond line\n',secret"})
    void takesTheFirstLineOfTheInputForTheSecret(String end, String secret) throws Exception {
        run("", "init");
        assertThat(run(secret + end, "set", "relay", "--user", "u")).isZero();
        assertThat(password("relay")).isEqualTo(Secret.of(secret));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 31, 32, 33, 64, 1024, 10_000, 1_048_576})
    void keepsSecretsOfEveryLength(int length) throws Exception {
        run("", "init");
        String secret = "ä".repeat(length / 2) + "x".repeat(length % 2);
        assertThat(run(secret + "\n", "set", "relay", "--user", "u")).isZero();
        assertThat(password("relay")).isEqualTo(Secret.of(secret));
    }

    @Test
    void keepsASecretThatIsNoText() throws Exception {
        run("", "init");
        byte[] octets = {(byte) 0xff, 0, '\r', 'x', (byte) 0x80};
        assertThat(new VaultCommand(InstantSource.fixed(VaultFixture.NOW), Map.of())
                        .run(
                                words("set", "relay", "--user", "u"),
                                new ByteArrayInputStream(octets),
                                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8)))
                .isZero();
        assertThat(password("relay")).isEqualTo(Secret.copyOf(octets));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n"})
    void refusesNoSecret(String input) {
        run("", "init");
        assertThat(run(input, "set", "relay", "--user", "u")).isEqualTo(1);
        assertThat(err).contains("no secret");
    }

    @Test
    void showsEverythingButTheSecret() {
        run("", "init");
        run(
                CANARY,
                "set",
                "relay",
                "--user",
                "us\"er",
                "--mechanism",
                "PLAIN",
                "--host",
                "b.example",
                "--host=a.example");
        assertThat(out).isEqualTo("Added \"relay\" for user \"us\"er\".\n").doesNotContain(CANARY);
        run(CANARY + "2", "set", "relay", "--expires", "2027-01-31");
        assertThat(out).contains("Changed \"relay\"").contains("1 earlier state.");
        assertThat(run("", "list")).isZero();
        assertThat(out.lines().toList().get(1).split("  +"))
                .containsExactly(
                        "relay",
                        "us\"er",
                        "PLAIN",
                        "a.example b.example",
                        "2026-11-23 12:00Z",
                        "2027-01-31 00:00Z",
                        "2");
        assertThat(run("", "list", "--json")).isZero();
        assertThat(out.strip())
                .isEqualTo("[{\"key\":\"relay\",\"user\":\"us\\\"er\",\"mechanism\":\"PLAIN\","
                        + "\"hosts\":[\"a.example\",\"b.example\"],\"changed\":\"2026-11-23T12:00:01Z\","
                        + "\"expires\":\"2027-01-31T00:00:00Z\",\"expired\":false,\"versions\":2,"
                        + "\"next\":false,\"note\":\"\"}]");
    }

    @Test
    void keepsWhatIsNotMentioned() throws Exception {
        run("", "init");
        run("one", "set", "relay", "--user", "u", "--mechanism", "LOGIN", "--host", "a.example");
        run("two", "set", "relay");
        run("", "list", "--json");
        assertThat(out).contains("\"user\":\"u\"").contains("LOGIN").contains("a.example");
        run("three", "set", "relay", "--mechanism", "", "--host=");
        run("", "list", "--json");
        assertThat(out).contains("\"mechanism\":null").contains("\"hosts\":[]");
        assertThat(password("relay")).isEqualTo(Secret.of("three"));
    }

    @Test
    void asksForTheEndOfASecretThatReplacesAnExpiredOne() {
        run("", "init");
        run("one", "set", "relay", "--user", "u", "--expires", "2026-01-01");
        assertThat(run("two", "set", "relay")).isEqualTo(1);
        assertThat(err).contains("expired on 2026-01-01T00:00:00Z").contains("--expires");
        assertThat(run("two", "set", "relay", "--expires", "never")).isZero();
    }

    @Test
    void removesAnEntry() {
        run("", "init");
        run(CANARY, "set", "relay", "--user", "u");
        assertThat(run("", "remove", "relay")).isZero();
        assertThat(run("", "remove", "relay")).isEqualTo(1);
        assertThat(err).contains("has no entry \"relay\"");
        run("", "list", "--json");
        assertThat(out.strip()).isEqualTo("[]");
    }

    @Test
    void changesNothingWhereTwoEntriesHaveTheKey() throws Exception {
        run("", "init");
        run(CANARY, "set", "relay", "--user", "u");
        file().change(VaultFixture.EDIT, document -> document.add("relay", VaultFixture.NOW));
        assertThat(run(CANARY, "set", "relay")).isEqualTo(1);
        assertThat(err).contains("2 entries \"relay\"");
        assertThat(run("", "remove", "relay")).isEqualTo(1);
        assertThat(run("", "list")).isZero();
        assertThat(err).contains("2 entries are called \"relay\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "set relay --usr u | unknown option --usr; did you mean --user?",
                "set relay --password=canary-Cm92pL-secret | unknown option --password",
                "set relay --user | --user needs a value",
                "set relay --user u --user v | --user is given twice",
                "set --user u | the key is missing",
                "set relay canary-Cm92pL-secret --user u | one key at a time",
                "set relay --user u --expires tomorrow | takes a date such as 2027-01-31, or never",
                "set relay --user u --host a,b | takes one host name",
                "list --json=yes | --json takes no value",
                "list more | unexpected: more",
                "list --key-env A --key-credential B | is enough",
                "lst | there is no verb lst; there are init, set, get, list, rotate, promote"
            })
    void explainsWrongArguments(String line, String reason) {
        run("", "init");
        assertThat(new ArrayList<>(List.of(run(CANARY, line.strip().split(" ")))))
                .containsExactly(2);
        assertThat(err).contains(reason.strip()).contains("--help").doesNotContain(CANARY);
    }

    @Test
    void refusesControlCharactersInNames() {
        run("", "init");
        assertThat(run(CANARY, "set", "re\nlay", "--user", "u")).isEqualTo(2);
        assertThat(run(CANARY, "set", "relay", "--user", "u\0")).isEqualTo(2);
        assertThat(run(CANARY, "set", "", "--user", "u")).isEqualTo(2);
        assertThat(err).contains("the key is empty");
    }

    @Test
    void obeysNoControlCharactersOfOtherTools() throws Exception {
        run("", "init");
        file().change(VaultFixture.EDIT, document -> document.add("a\u202eb\u009bc", VaultFixture.NOW));
        assertThat(run("", "list")).isZero();
        assertThat(out).contains("a\\u202eb\\u009bc").doesNotContain("\u202e").doesNotContain("\u009b");
        assertThat(run("", "list", "--json")).isZero();
        assertThat(out).contains("\"a\\u202eb\\u009bc\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "init --help", "set --help", "list -h", "remove --help", "set x --help"})
    void helps(String line) {
        assertThat(new VaultCommand(InstantSource.system(), Map.of())
                        .run(List.of(line.split(" ")), input(""), capture(true), capture(false)))
                .isZero();
        finish();
        assertThat(out).contains("Usage: postern vault");
        assertThat(err).isEmpty();
    }

    @Test
    void saysWhatThereIsWhenNothingIsAsked() {
        int code = new VaultCommand(InstantSource.system(), Map.of())
                .run(List.of(), input(""), capture(true), capture(false));
        finish();
        assertThat(code).isEqualTo(2);
        assertThat(err).contains("Usage: postern vault VERB");
    }

    @Test
    void saysWhatToDoWithoutAVault() {
        assertThat(run("", "list")).isEqualTo(1);
        assertThat(err).contains("key file " + key + " does not exist");
    }

    private VaultFile file() {
        return new VaultFile(vault, new KeySource.KeyFile(key));
    }

    private Secret password(String title) throws Exception {
        return file().read(document -> document.entries(title).get(0).password());
    }

    private List<String> words(String... line) {
        List<String> words = new ArrayList<>(List.of(line));
        if (!line[0].equals("lst")) {
            words.addAll(1, List.of("--file", vault.toString()));
        }
        return words;
    }

    private int run(String input, String... line) {
        int code = new VaultCommand(
                        InstantSource.fixed(VaultFixture.NOW),
                        Map.of("PHRASE", "a good phrase of ours", "HEX", "ab".repeat(32)))
                .run(words(line), input(input), capture(true), capture(false));
        finish();
        assertThat(out + err).doesNotContain(CANARY);
        return code;
    }

    private final ByteArrayOutputStream outOctets = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errOctets = new ByteArrayOutputStream();

    private PrintStream capture(boolean results) {
        ByteArrayOutputStream octets = results ? outOctets : errOctets;
        octets.reset();
        return new PrintStream(octets, true, StandardCharsets.UTF_8);
    }

    private void finish() {
        out = outOctets.toString(StandardCharsets.UTF_8);
        err = errOctets.toString(StandardCharsets.UTF_8);
    }

    private static ByteArrayInputStream input(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
