// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.credential.CredentialListener;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.Lookup.Found;
import org.postern.spi.credential.Lookup.NoSuchCredential;
import org.postern.spi.credential.Lookup.StoreUnavailable;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;

@Timeout(60)
class FileStoreTest {

    private static final String CANARY = "canary-F1le5-secret";

    @TempDir
    Path directory;

    private final AtomicLong ticks = new AtomicLong();
    private Optional<FileStore> opened = Optional.empty();

    @AfterEach
    void close() throws Exception {
        if (opened.isPresent()) {
            opened.get().close();
        }
    }

    private WatchedSecrets secrets(Readers readers, Path... folders) {
        return new WatchedSecrets(
                new SecretFolders(List.of(folders).stream()
                        .map(folder -> new SecretFolder(folder, readers, true))
                        .toList()),
                ticks::get);
    }

    private WatchedSecrets secrets() {
        return secrets(Readers.OWNER, directory);
    }

    private FileStore store(Map<String, ?> properties, Map<String, String> environment) {
        FileStore store = new FileStore(properties, environment, ticks::get);
        opened = Optional.of(store);
        return store;
    }

    private void pass(Duration time) {
        ticks.addAndGet(time.toNanos());
    }

    private static PasswordCredential found(Lookup lookup) {
        assertThat(lookup).isInstanceOf(Found.class);
        return (PasswordCredential) ((Found) lookup).credential();
    }

    private static String password(Lookup lookup) {
        try (PasswordCredential credential = found(lookup)) {
            return credential.password().reveal(octets -> new String(octets, StandardCharsets.UTF_8));
        }
    }

    private static String unavailable(Lookup lookup) {
        assertThat(lookup).isInstanceOf(StoreUnavailable.class);
        return ((StoreUnavailable) lookup).reason();
    }

    private static String missing(Lookup lookup) {
        assertThat(lookup).isInstanceOf(NoSuchCredential.class);
        return ((NoSuchCredential) lookup).reason();
    }

    @Test
    void answersWithTheFileNamedLikeTheKey() throws Exception {
        SecretFiles.write(directory.resolve("relay-1"), CANARY + "\n");
        PasswordCredential found = found(secrets().lookup("relay-1"));
        assertThat(found.user()).isEmpty();
        assertThat(found.password()).isEqualTo(Secret.of(CANARY));
        assertThat(found.mechanism()).isEmpty();
        assertThat(found.allowedHosts()).isEmpty();
        assertThat(found.toString()).doesNotContain(CANARY);
    }

    @Test
    void takesTheOtherPartsFromFilesBesideIt() throws Exception {
        SecretFiles.write(directory.resolve("relay-1"), CANARY);
        SecretFiles.write(directory.resolve("relay-1.user"), "alice@example.com\n");
        SecretFiles.write(directory.resolve("relay-1.mechanism"), "scram-sha-256\n");
        SecretFiles.write(directory.resolve("relay-1.hosts"), "mx.example.com\nSMTP.example.com mx.example.com\n");
        PasswordCredential found = found(secrets().lookup("relay-1"));
        assertThat(found.user()).isEqualTo("alice@example.com");
        assertThat(found.mechanism()).contains("SCRAM-SHA-256");
        assertThat(found.allowedHosts()).containsExactlyInAnyOrder("mx.example.com", "smtp.example.com");
        assertThat(missing(secrets().lookup("relay-1.user"))).contains("names a part of another secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"user", "username"})
    void takesTheFilesOfTheFolderNamedLikeTheKey(String name) throws Exception {
        SecretFiles.write(directory.resolve("smtp/relay-1/password"), CANARY);
        SecretFiles.write(directory.resolve("smtp/relay-1/" + name), "alice");
        SecretFiles.write(directory.resolve("smtp/relay-1/mechanism"), "PLAIN");
        SecretFiles.write(directory.resolve("smtp/relay-1/hosts"), "mx.example.com");
        PasswordCredential found = found(secrets().lookup("smtp/relay-1"));
        assertThat(found.user()).isEqualTo("alice");
        assertThat(found.password()).isEqualTo(Secret.of(CANARY));
        assertThat(found.mechanism()).contains("PLAIN");
        assertThat(found.allowedHosts()).containsExactly("mx.example.com");
        assertThat(missing(secrets().lookup("smtp"))).contains("has no file \"password\"");
    }

    @Test
    void refusesAUserThatIsThereTwice() throws Exception {
        SecretFiles.write(directory.resolve("relay/password"), CANARY);
        SecretFiles.write(directory.resolve("relay/user"), "alice");
        SecretFiles.write(directory.resolve("relay/username"), "alice");
        assertThat(unavailable(secrets().lookup("relay"))).contains("under its other name too");
    }

    @Test
    void saysSinceWhenASecretIsThere() throws Exception {
        Path file = SecretFiles.write(directory.resolve("relay"), CANARY);
        FileTime changed = (FileTime) Files.getAttribute(file, "unix:ctime");
        PasswordCredential found = found(secrets().lookup("relay"));
        assertThat(found.validity().since()).contains(changed.toInstant());
        assertThat(found.version().value()).isEqualTo(changed.toInstant().toString());
        // A store that takes over from this one tells the same.
        assertThat(found(secrets().lookup("relay")).version()).isEqualTo(found.version());
    }

    @Test
    void offersTheNextPasswordBesideThePresentOne() throws Exception {
        SecretFiles.write(directory.resolve("relay"), "old");
        SecretFiles.write(directory.resolve("relay.user"), "alice");
        Path next = SecretFiles.write(directory.resolve("relay.next-password"), "new\n");
        WatchedSecrets secrets = secrets();
        Found both = (Found) secrets.lookup("relay");
        PasswordCredential coming = (PasswordCredential) both.next().orElseThrow();
        assertThat(coming.user()).isEqualTo("alice");
        assertThat(coming.password()).isEqualTo(Secret.of("new"));
        assertThat(coming.version()).isNotEqualTo(both.credential().version());

        Files.move(next, directory.resolve("relay"), StandardCopyOption.ATOMIC_MOVE);
        Found after = (Found) secrets.lookupAnew("relay");
        assertThat(after.next()).isEmpty();
        assertThat(after.credential().version()).isEqualTo(coming.version());
        assertThat(((PasswordCredential) after.credential()).password()).isEqualTo(Secret.of("new"));
    }

    @Test
    void asksTheFoldersInOrder() throws Exception {
        Path first = directory.resolve("first");
        Path second = directory.resolve("second");
        SecretFiles.write(first.resolve("a"), "first");
        SecretFiles.write(second.resolve("a"), "second");
        SecretFiles.write(second.resolve("b"), "second");
        WatchedSecrets secrets = secrets(Readers.OWNER, first, second);
        assertThat(password(secrets.lookup("a"))).isEqualTo("first");
        assertThat(password(secrets.lookup("b"))).isEqualTo("second");
        assertThat(missing(secrets.lookup("c"))).contains(first.toString()).contains(second.toString());
    }

    @Test
    void doesNotFallBackOnAnOlderSecretWhereTheFirstIsUnusable() throws Exception {
        Path first = directory.resolve("first");
        Path second = directory.resolve("second");
        SecretFiles.write(first.resolve("a"), "");
        SecretFiles.write(second.resolve("a"), "second");
        assertThat(unavailable(secrets(Readers.OWNER, first, second).lookup("a")))
                .contains("is empty");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {"secret\\n|secret", "secret\\r\\n|secret", "secret|secret", " a b \\n| a b ", "\\tx|\\tx"})
    @DisplayName("removes one line end and nothing else")
    void removesOneLineEnd(String content, String expected) throws Exception {
        SecretFiles.write(directory.resolve("relay"), content.translateEscapes());
        assertThat(password(secrets().lookup("relay"))).isEqualTo(expected.translateEscapes());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\\0secret | has a NUL in it",
                "secret\\0 | has a NUL in it",
                "secret\\nmore | has more than one line",
                "secret\\n\\n | has more than one line",
                "secret\\rmore | has more than one line",
                "\\n | has an empty line only",
                "'' | is empty"
            })
    @DisplayName("C2-13: refuses content that cannot be a password, without quoting it")
    void refusesContentThatCannotBeAPassword(String content, String reason) throws Exception {
        SecretFiles.write(directory.resolve("relay"), content.translateEscapes());
        assertThat(unavailable(secrets().lookup("relay")))
                .isEqualTo("file " + directory.resolve("relay") + " " + reason);
        SecretFiles.write(directory.resolve("other/password"), CANARY);
        SecretFiles.write(directory.resolve("other/user"), content.translateEscapes());
        assertThat(unavailable(secrets().lookup("other"))).contains("user " + reason);
    }

    @Test
    @DisplayName("C2-13: refuses what is not UTF-8, begins with a byte order mark, or is huge")
    void refusesWhatIsNotUtf8OrHuge() throws Exception {
        Path file = SecretFiles.write(directory.resolve("relay"), new byte[] {'a', (byte) 0xff, 'b'});
        assertThat(unavailable(secrets().lookup("relay"))).endsWith("is not UTF-8");
        SecretFiles.write(file, "\ufeffsecret");
        assertThat(unavailable(secrets().lookup("relay"))).contains("byte order mark");
        try (RandomAccessFile huge = new RandomAccessFile(file.toFile(), "rw")) {
            huge.setLength(10_000_000);
        }
        assertThat(unavailable(secrets().lookup("relay"))).contains("is larger than 65536 octets");
        SecretFiles.write(file, "p".repeat(SecretReader.LARGEST - 1) + "\n");
        assertThat(password(secrets().lookup("relay"))).hasSize(SecretReader.LARGEST - 1);
    }

    @Test
    @DisplayName("C2-13: refuses a mechanism that none can be called")
    void refusesAMechanismThatNoneCanBeCalled() throws Exception {
        SecretFiles.write(directory.resolve("relay"), CANARY);
        SecretFiles.write(directory.resolve("relay.mechanism"), "PLAIN LOGIN");
        assertThat(unavailable(secrets().lookup("relay"))).endsWith("relay.mechanism is not the name of a mechanism");
    }

    @Test
    void refusesWhatIsNoFile() throws Exception {
        Files.createDirectories(directory.resolve("relay/password"));
        assertThat(unavailable(secrets().lookup("relay"))).endsWith("password is not a regular file");
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", "-m", "600", pipe.toString())
                        .start()
                        .waitFor())
                .isZero();
        assertThat(unavailable(secrets().lookup("pipe"))).endsWith("pipe is not a regular file");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../outside",
                "a/../../outside",
                "..",
                ".",
                "/etc/passwd",
                "a//b",
                "a/",
                "/",
                "..data/relay",
                ".hidden",
                "relay\0",
                "relay\nx",
                "a\\b",
                "",
                "  "
            })
    @DisplayName("B-36: refuses keys that lead anywhere but down")
    void refusesKeysThatLeadAnywhereButDown(String key) throws Exception {
        Path root = directory.resolve("root");
        SecretFiles.write(root.resolve("relay"), CANARY);
        SecretFiles.write(root.resolve(".hidden"), CANARY);
        SecretFiles.write(root.resolve("..data/relay"), CANARY);
        SecretFiles.write(directory.resolve("outside"), CANARY);
        WatchedSecrets secrets = secrets(Readers.OWNER, root);
        assertThat(missing(secrets.lookup(key))).startsWith("key \"").doesNotContain("\n", "\0");
        assertThat(secrets.size()).isZero();
    }

    @Test
    @DisplayName("B-36: refuses keys of 4 KiB in few words")
    void refusesKeysOfFourKibibytes() {
        assertThat(missing(secrets().lookup("k".repeat(4096))))
                .contains("is longer than 512 characters")
                .hasSizeLessThan(300);
        assertThat(secrets().lookup("k".repeat(400))).isNotInstanceOf(Found.class);
    }

    @Test
    @DisplayName("B-36: refuses links that lead out of the folder")
    void refusesLinksThatLeadOut() throws Exception {
        Path root = directory.resolve("root");
        Path outside = SecretFiles.write(directory.resolve("outside/password"), CANARY);
        Files.createDirectories(root);
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
        Files.createSymbolicLink(root.resolve("file"), outside);
        Files.createSymbolicLink(root.resolve("folder"), outside.getParent());
        Files.createSymbolicLink(root.resolve("circle"), Path.of("circle"));
        Files.createSymbolicLink(root.resolve("nowhere"), Path.of("absent"));
        WatchedSecrets secrets = secrets(Readers.OWNER, root);
        assertThat(unavailable(secrets.lookup("file"))).contains("leads out of the folder");
        assertThat(unavailable(secrets.lookup("folder"))).contains("leads out of the folder");
        assertThat(secrets.lookup("circle")).isNotInstanceOf(Found.class);
        assertThat(secrets.lookup("nowhere")).isInstanceOf(NoSuchCredential.class);
    }

    @Test
    void takesAFolderThatIsALinkItself() throws Exception {
        SecretFiles.write(directory.resolve("generation-7/relay"), CANARY);
        Path link = Files.createSymbolicLink(directory.resolve("secrets"), Path.of("generation-7"));
        assertThat(password(secrets(Readers.OWNER, link).lookup("relay"))).isEqualTo(CANARY);
    }

    @ParameterizedTest
    @CsvSource({
        "0400, true, true", "0600, true, true", "0700, true, true", "0440, false, true", "0640, false, true",
        "0660, false, false", "0620, false, false", "0610, false, false", "0750, false, false", "0444, false, false",
        "0644, false, false", "0604, false, false", "0602, false, false", "0601, false, false", "0666, false, false",
        "0777, false, false"
    })
    @DisplayName("E-06, C2-17: refuses files that others can read or write")
    void refusesFilesThatOthersCanReadOrWrite(String mode, boolean byOwner, boolean byGroup) throws Exception {
        for (String part : List.of("password", "user", "next-password")) {
            Path folder = directory.resolve("relay");
            SecretFiles.write(folder.resolve("password"), CANARY);
            SecretFiles.write(folder.resolve("user"), "alice");
            SecretFiles.write(folder.resolve("next-password"), CANARY);
            Files.setAttribute(folder.resolve(part), "unix:mode", Integer.parseInt(mode, 8));
            Lookup strict = secrets(Readers.OWNER, directory).lookup("relay");
            Lookup lenient = secrets(Readers.GROUP, directory).lookup("relay");
            assertThat(strict instanceof Found).as("%s by owner", part).isEqualTo(byOwner);
            assertThat(lenient instanceof Found).as("%s by group", part).isEqualTo(byGroup);
            if (!byOwner) {
                assertThat(unavailable(strict))
                        .startsWith("file " + folder.resolve(part) + " is open to others (mode " + mode + "): chmod ");
                assertThat(unavailable(strict).contains("Readable_By = group")).isEqualTo(byGroup);
            }
            SecretFiles.delete(folder);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0700, true, true",
        "0755, true, true",
        "0500, true, true",
        "1777, true, true",
        "1770, true, true",
        "0770, false, true",
        "0775, false, true",
        "0777, false, false",
        "0707, false, false"
    })
    @DisplayName("C2-17: refuses folders in which others can replace files")
    void refusesFoldersInWhichOthersCanReplaceFiles(String mode, boolean byOwner, boolean byGroup) throws Exception {
        Path root = directory.resolve("root");
        Path inner = root.resolve("inner");
        SecretFiles.write(inner.resolve("relay"), CANARY);
        for (Path folder : List.of(root, inner)) {
            Files.setAttribute(folder, "unix:mode", Integer.parseInt(mode, 8));
            assertThat(secrets(Readers.OWNER, root).lookup("inner/relay") instanceof Found)
                    .isEqualTo(byOwner);
            assertThat(secrets(Readers.GROUP, root).lookup("inner/relay") instanceof Found)
                    .isEqualTo(byGroup);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    @DisplayName("C2-17: refuses files of another account")
    void refusesFilesOfAnotherAccount() throws Exception {
        assumeTrue(Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid")), "needs root");
        Path file = SecretFiles.write(directory.resolve("relay"), CANARY);
        Files.setAttribute(file, "unix:uid", 12_345);
        assertThat(unavailable(secrets().lookup("relay"))).contains("belongs to account 12345");
    }

    @Test
    @DisplayName("C2-17: keeps the last good secret while a file is empty, half written or open to others")
    void keepsTheLastGoodSecretForAWhile() throws Exception {
        Path file = SecretFiles.write(directory.resolve("relay"), CANARY);
        WatchedSecrets secrets = secrets();
        assertThat(password(secrets.lookup("relay"))).isEqualTo(CANARY);
        for (String bad : List.of("", "a\nb", "\n")) {
            SecretFiles.write(file, bad);
            pass(WatchedSecret.INTERVAL);
            assertThat(password(secrets.lookup("relay"))).isEqualTo(CANARY);
            assertThat(password(secrets.lookupAnew("relay"))).isEqualTo(CANARY);
            pass(WatchedSecret.LOST.minusMillis(1));
            assertThat(password(secrets.lookup("relay"))).isEqualTo(CANARY);
            pass(WatchedSecret.INTERVAL);
            assertThat(unavailable(secrets.lookup("relay")))
                    .contains("file " + file)
                    .doesNotContain(CANARY);
            assertThat(secrets.poll()).containsExactly("relay");
            SecretFiles.write(file, CANARY);
            pass(WatchedSecret.INTERVAL);
            secrets.lookup("relay");
            pass(WatchedSecret.STILL);
            assertThat(password(secrets.lookup("relay"))).isEqualTo(CANARY);
            assertThat(secrets.poll()).containsExactly("relay");
        }
    }

    @Test
    @DisplayName("C2-17: waits until a new secret is written to its end")
    void waitsUntilANewSecretIsWritten() throws Exception {
        Path file = SecretFiles.write(directory.resolve("relay"), "old");
        WatchedSecrets secrets = secrets();
        assertThat(password(secrets.lookup("relay"))).isEqualTo("old");
        for (int end = 1; end < CANARY.length(); end++) {
            SecretFiles.write(file, CANARY.substring(0, end));
            pass(WatchedSecret.INTERVAL);
            assertThat(password(secrets.lookup("relay"))).isEqualTo("old");
        }
        SecretFiles.write(file, CANARY);
        pass(WatchedSecret.INTERVAL);
        assertThat(password(secrets.lookup("relay"))).isEqualTo("old");
        pass(WatchedSecret.STILL);
        assertThat(password(secrets.lookup("relay"))).isEqualTo(CANARY);
    }

    @Test
    @DisplayName("C2-17: takes a new secret at once when the old one was refused")
    void takesANewSecretAtOnceWhenTheOldOneWasRefused() throws Exception {
        Path file = SecretFiles.write(directory.resolve("relay"), "old");
        WatchedSecrets secrets = secrets();
        CredentialVersion refused = found(secrets.lookup("relay")).version();
        SecretFiles.write(file, "new");
        PasswordCredential fresh = found(secrets.lookupAnew("relay"));
        assertThat(fresh.password()).isEqualTo(Secret.of("new"));
        assertThat(fresh.version()).isNotEqualTo(refused);
    }

    @Test
    @DisplayName("C2-17: notices a rewrite that leaves size and times as they were")
    void noticesARewriteThatLeavesSizeAndTimes() throws Exception {
        Path file = SecretFiles.write(directory.resolve("relay"), "old");
        WatchedSecrets secrets = secrets();
        assertThat(password(secrets.lookup("relay"))).isEqualTo("old");
        FileTime modified = Files.getLastModifiedTime(file);
        SecretFiles.write(file, "new");
        Files.setLastModifiedTime(file, modified);
        pass(WatchedSecret.INTERVAL);
        secrets.lookup("relay");
        pass(WatchedSecret.STILL);
        assertThat(password(secrets.lookup("relay"))).isEqualTo("new");
    }

    @Test
    @DisplayName("C2-17: forgets a secret that stays deleted, and finds it again")
    void forgetsASecretThatStaysDeleted() throws Exception {
        Path file = SecretFiles.write(directory.resolve("relay"), CANARY);
        WatchedSecrets secrets = secrets();
        assertThat(password(secrets.lookup("relay"))).isEqualTo(CANARY);
        Files.delete(file);
        pass(WatchedSecret.INTERVAL);
        assertThat(password(secrets.lookup("relay"))).isEqualTo(CANARY);
        pass(WatchedSecret.LOST);
        assertThat(missing(secrets.lookup("relay"))).contains("no file or folder \"relay\"");
        SecretFiles.write(file, CANARY);
        pass(WatchedSecret.INTERVAL);
        secrets.lookup("relay");
        pass(WatchedSecret.STILL);
        assertThat(password(secrets.lookup("relay"))).isEqualTo(CANARY);
    }

    @Test
    @DisplayName("C2-17: takes a file that an editor puts in its place, and no touch for a change")
    void takesAFileThatAnEditorPutsInItsPlace() throws Exception {
        Path file = SecretFiles.write(directory.resolve("relay"), "old");
        WatchedSecrets secrets = secrets();
        CredentialVersion before = found(secrets.lookup("relay")).version();
        Files.setLastModifiedTime(file, FileTime.fromMillis(0));
        Files.move(SecretFiles.write(directory.resolve("relay~"), "old"), file, StandardCopyOption.ATOMIC_MOVE);
        pass(WatchedSecret.INTERVAL);
        assertThat(secrets.poll()).isEmpty();
        assertThat(found(secrets.lookup("relay")).version()).isEqualTo(before);
        Files.move(SecretFiles.write(directory.resolve("relay~"), "new"), file, StandardCopyOption.ATOMIC_MOVE);
        pass(WatchedSecret.INTERVAL);
        assertThat(secrets.poll()).isEmpty();
        pass(WatchedSecret.STILL);
        assertThat(secrets.poll()).containsExactly("relay");
        assertThat(password(secrets.lookup("relay"))).isEqualTo("new");
    }

    @ParameterizedTest
    @CsvSource({"relay, relay.mechanism", "smtp/relay, smtp/relay.mechanism", "folder/password, folder/mechanism"})
    void noticesAPartThatComesOrGoesLongAfterTheOthers(String password, String mechanism) throws Exception {
        SecretFiles.write(directory.resolve(password), CANARY);
        String key = password.replace("/password", "");
        WatchedSecrets secrets = secrets();
        assertThat(found(secrets.lookup(key)).mechanism()).isEmpty();
        passQuietly(secrets);
        SecretFiles.write(directory.resolve(mechanism), "PLAIN");
        pass(WatchedSecret.INTERVAL);
        secrets.poll();
        pass(WatchedSecret.STILL);
        assertThat(secrets.poll()).containsExactly(key);
        assertThat(found(secrets.lookup(key)).mechanism()).contains("PLAIN");
        passQuietly(secrets);
        Files.delete(directory.resolve(mechanism));
        pass(WatchedSecret.INTERVAL);
        secrets.poll();
        pass(WatchedSecret.STILL);
        assertThat(secrets.poll()).containsExactly(key);
        assertThat(found(secrets.lookup(key)).mechanism()).isEmpty();
    }

    private void passQuietly(WatchedSecrets secrets) {
        for (int i = 0; i < 10; i++) {
            pass(WatchedSecret.INTERVAL);
            assertThat(secrets.poll()).isEmpty();
        }
    }

    @Test
    void looksAtFilesAtMostTwiceASecond() throws Exception {
        Path file = SecretFiles.write(directory.resolve("relay"), "old");
        WatchedSecrets secrets = secrets();
        assertThat(password(secrets.lookup("relay"))).isEqualTo("old");
        Files.delete(file);
        Files.createDirectory(file);
        pass(WatchedSecret.INTERVAL.minusNanos(1));
        assertThat(password(secrets.lookup("relay"))).isEqualTo("old");
    }

    @Test
    void followsABoundedNumberOfKeys() {
        WatchedSecrets secrets = secrets();
        for (int i = 0; i < WatchedSecrets.MOST + 100; i++) {
            secrets.lookup("key" + i);
        }
        assertThat(secrets.size()).isEqualTo(WatchedSecrets.MOST);
    }

    @Test
    @DisplayName("tells listeners within two seconds of the swap of a mounted volume")
    void tellsListenersOfASwap() throws Exception {
        SecretFiles.project(directory, Map.of("relay", "old", "relay.user", "alice"));
        FileStore store =
                new FileStore(Map.of("directory", new String[] {directory.toString()}), Map.of(), System::nanoTime);
        opened = Optional.of(store);
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        store.listeners(List.of(failing(), hearing(heard)));
        assertThat(password(store.lookup(new CredentialRef("relay")))).isEqualTo("old");
        assertThat(store.name()).isEqualTo("file");
        SecretFiles.project(directory, Map.of("relay", "new", "relay.user", "bob"));
        // The bound of two seconds is kept by POLL + STILL + POLL; a busy machine may take its time all the same.
        assertThat(FileStore.POLL.plus(WatchedSecret.STILL).plus(FileStore.POLL))
                .isLessThan(Duration.ofSeconds(2));
        assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("changed relay");
        PasswordCredential found = found(store.lookup(new CredentialRef("relay")));
        assertThat(found.user()).isEqualTo("bob");
        assertThat(found.password()).isEqualTo(Secret.of("new"));
        assertThat(store.isWatching()).isTrue();
        store.close();
        assertThat(store.isWatching()).isFalse();
    }

    @Test
    void readsRelativeFoldersFromTheDirectoryOfTheConfiguration() throws Exception {
        SecretFiles.write(directory.resolve("secrets/relay"), CANARY);
        FileStore store =
                store(Map.of("directory", "secrets", "postern.config.directory", directory.toString()), Map.of());
        assertThat(password(store.lookup(new CredentialRef("relay")))).isEqualTo(CANARY);
    }

    @Test
    void takesTheFolderThatSystemdMakes() throws Exception {
        Path file = SecretFiles.write(directory.resolve("relay"), CANARY);
        // The mask of the access control list that systemd gives to a service of another account.
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r-----"));
        Map<String, String> environment = Map.of("CREDENTIALS_DIRECTORY", directory.toString());
        assertThat(password(store(Map.of(), environment).lookup(new CredentialRef("relay"))))
                .isEqualTo(CANARY);
    }

    @Test
    void saysWhatIsWrongWithTheStanza() throws Exception {
        assertThat(reason(Map.of("directory", "$CREDENTIALS_DIRECTORY"))).contains("needs LoadCredential=");
        assertThat(reason(Map.of("directory", "$HOME"))).contains("is neither a path nor $CREDENTIALS_DIRECTORY");
        assertThat(reason(Map.of("directory", ""))).contains("is neither a path");
        assertThat(reason(Map.of("directory", "/not/mounted"))).isEqualTo("folder /not/mounted does not exist");
    }

    @Test
    void doesNotMissTheUsualFoldersWhereTheyAreNot() {
        assertThat(missing(store(Map.of(), Map.of()).lookup(new CredentialRef("relay"))))
                .isNotBlank();
    }

    private String reason(Map<String, ?> properties) throws InterruptedException {
        FileStore store = new FileStore(properties, Map.of(), ticks::get);
        try {
            return unavailable(store.lookup(new CredentialRef("relay")));
        } finally {
            store.close();
        }
    }

    private static CredentialListener failing() {
        return new CredentialListener() {
            @Override
            public void changed(CredentialRef ref) {
                throw new IllegalStateException("a listener's own trouble");
            }

            @Override
            public void storeChanged(String storeName) {
                throw new IllegalStateException("a listener's own trouble");
            }
        };
    }

    private static CredentialListener hearing(BlockingQueue<String> heard) {
        return new CredentialListener() {
            @Override
            public void changed(CredentialRef ref) {
                heard.add("changed " + ref);
            }

            @Override
            public void storeChanged(String storeName) {
                heard.add("store " + storeName);
            }
        };
    }
}
