// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.credential.CredentialListener;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.Lookup.Found;
import org.postern.spi.credential.Lookup.NoSuchCredential;
import org.postern.spi.credential.Lookup.StoreUnavailable;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.postern.spi.credential.UpdateResult;
import org.postern.spi.credential.Validity;
import org.postern.spi.settings.StanzaType;

@Timeout(60)
class VaultStoreTest {

    private static final String CANARY = "canary-St51xW-secret";

    @TempDir
    Path directory;

    private final AtomicLong ticks = new AtomicLong();
    private final AtomicReference<Instant> now = new AtomicReference<>(VaultFixture.NOW);

    @Test
    void answersWithTheEntryTitledLikeTheKey() throws Exception {
        VaultFixture vault = VaultFixture.in(directory).set("relay", "user@example.com", CANARY);
        vault.edit("relay", entry -> {
            entry.mechanism("plain");
            entry.hosts(Set.of("mx.example.com", "SMTP.example.com"));
        });
        PasswordCredential found = found(watch(vault).lookup("relay"));
        assertThat(found.user()).isEqualTo("user@example.com");
        assertThat(found.password()).isEqualTo(Secret.of(CANARY));
        assertThat(found.mechanism()).contains("PLAIN");
        assertThat(found.allowedHosts()).containsExactlyInAnyOrder("mx.example.com", "smtp.example.com");
        assertThat(found.toString()).doesNotContain(CANARY);
    }

    @Test
    void saysSinceWhenTheSecretIsWhatItIsAndWhenItEnds() throws Exception {
        Instant end = VaultFixture.NOW.plusSeconds(3_600);
        VaultFixture vault = VaultFixture.in(directory).set("relay", "user", CANARY);
        vault.edit("relay", entry -> entry.expiry(Optional.of(end)));
        assertThat(found(watch(vault).lookup("relay")).validity())
                .isEqualTo(new Validity(Optional.of(VaultFixture.NOW), Optional.of(end)));
    }

    @Test
    void givesEveryCallerASecretOfItsOwn() throws Exception {
        WatchedVault watched = watch(VaultFixture.in(directory).set("relay", "user", CANARY));
        found(watched.lookup("relay")).close();
        assertThat(found(watched.lookup("relay")).password()).isEqualTo(Secret.of(CANARY));
    }

    @Test
    void knowsNoOtherKey() throws Exception {
        WatchedVault watched = watch(VaultFixture.in(directory).set("relay", "user", CANARY));
        assertThat(watched.lookup("Relay"))
                .asInstanceOf(type(NoSuchCredential.class))
                .extracting(NoSuchCredential::reason)
                .isEqualTo("the vault has no entry \"Relay\"");
        assertThat(watched.lookup("")).isInstanceOf(NoSuchCredential.class);
    }

    @Test
    void forgesNoLineOfTheLog() throws Exception {
        WatchedVault watched = watch(VaultFixture.in(directory));
        assertThat(watched.lookup("a\r\nb" + "c".repeat(10_000)))
                .asInstanceOf(type(NoSuchCredential.class))
                .extracting(NoSuchCredential::reason)
                .asString()
                .contains("a\\u000d\\u000ab")
                .hasSizeLessThan(300);
    }

    @Test
    void refusesAnExpiredEntryFromTheMomentOn() throws Exception {
        Instant end = VaultFixture.NOW.plusSeconds(60);
        VaultFixture vault = VaultFixture.in(directory).set("relay", "user", CANARY);
        vault.edit("relay", entry -> entry.expiry(Optional.of(end)));
        WatchedVault watched = watch(vault);
        found(watched.lookup("relay")).close();
        assertThat(watched.poll()).isEqualTo(new WatchedVault.Change.Keys(Set.of()));
        now.set(end);
        assertThat(watched.lookup("relay"))
                .asInstanceOf(type(NoSuchCredential.class))
                .extracting(NoSuchCredential::reason)
                .asString()
                .contains("expired on 2026-11-23T12:01:00Z");
        assertThat(watched.poll()).isEqualTo(new WatchedVault.Change.Keys(Set.of("relay")));
    }

    @Test
    void refusesOnlyTheKeyThatTwoEntriesHave() throws Exception {
        VaultFixture vault = VaultFixture.in(directory).set("fine", "user", CANARY);
        for (int i = 0; i < 3; i++) {
            vault.file().change(VaultFixture.EDIT, document -> document.add("twice", VaultFixture.NOW));
        }
        WatchedVault watched = watch(vault);
        found(watched.lookup("fine")).close();
        assertThat(watched.lookup("twice"))
                .asInstanceOf(type(NoSuchCredential.class))
                .extracting(NoSuchCredential::reason)
                .asString()
                .contains("more than one entry \"twice\"");
    }

    @Test
    void doesNotTakeAReferenceToAnotherEntryForASecret() throws Exception {
        VaultFixture vault =
                VaultFixture.in(directory).set("clone", "user", "{REF:P@I:46C9B1FFBD4ABC4BBB260C6190BAD20C}");
        assertThat(watch(vault).lookup("clone"))
                .asInstanceOf(type(NoSuchCredential.class))
                .extracting(NoSuchCredential::reason)
                .asString()
                .contains("refers to the fields of another entry");
    }

    @Test
    void looksAtTheFileAtMostTwiceASecond() throws Exception {
        VaultFixture vault = VaultFixture.in(directory).set("relay", "user", "old");
        WatchedVault watched = watch(vault);
        vault.set("relay", "user", "new");
        ticks.addAndGet(WatchedVault.INTERVAL.toNanos() - 1);
        assertThat(found(watched.lookup("relay")).password()).isEqualTo(Secret.of("old"));
        ticks.addAndGet(1);
        assertThat(found(watched.lookup("relay")).password()).isEqualTo(Secret.of("new"));
    }

    @Test
    void answersNothingWhileTheVaultIsDamagedOrGoneAndRecovers() throws Exception {
        VaultFixture vault = VaultFixture.in(directory).set("relay", "user", CANARY);
        WatchedVault watched = watch(vault);
        byte[] good = Files.readAllBytes(vault.path());

        byte[] bad = good.clone();
        bad[bad.length / 2] ^= 1;
        Files.write(vault.path(), bad);
        unavailable(watched, "damaged");
        Files.write(vault.path(), new byte[0]);
        unavailable(watched, "is not a KeePass file");
        Files.delete(vault.path());
        unavailable(watched, "postern vault init");
        Files.createDirectory(vault.path());
        unavailable(watched, "is not a file");
        Files.delete(vault.path());
        Files.write(vault.path(), good);
        assertThat(watched.poll()).isEqualTo(new WatchedVault.Change.Reopened());
        assertThat(found(watched.lookup("relay")).password()).isEqualTo(Secret.of(CANARY));
    }

    @Test
    void recoversWhenOnlyTheKeyFileIsPutRight() throws Exception {
        VaultFixture vault = VaultFixture.in(directory).set("relay", "user", CANARY);
        Files.setPosixFilePermissions(vault.key(), PosixFilePermissions.fromString("rw-r--r--"));
        WatchedVault watched = watch(vault);
        unavailable(watched, "open to others");
        Files.setPosixFilePermissions(vault.key(), PosixFilePermissions.fromString("rw-------"));
        assertThat(watched.poll()).isEqualTo(new WatchedVault.Change.Reopened());
    }

    @Test
    void namesTheKeysThatChanged() throws Exception {
        VaultFixture vault = VaultFixture.in(directory)
                .set("same", "user", CANARY)
                .set("rotated", "user", CANARY)
                .set("gone", "user", CANARY);
        WatchedVault watched = watch(vault);
        assertThat(watched.poll()).isEqualTo(new WatchedVault.Change.Keys(Set.of()));
        vault.set("rotated", "user", "new").set("added", "user", CANARY);
        vault.file().change(VaultFixture.EDIT, document -> {
            document.remove(document.entries("gone").get(0), VaultFixture.NOW);
            return null;
        });
        // A lookup that sees it first takes no news away from the listeners.
        ticks.addAndGet(WatchedVault.INTERVAL.toNanos());
        watched.lookup("rotated");
        assertThat(watched.poll()).isEqualTo(new WatchedVault.Change.Keys(Set.of("rotated", "added", "gone")));
        assertThat(watched.poll()).isEqualTo(new WatchedVault.Change.Keys(Set.of()));
    }

    @Test
    void answersEveryLookupWhileTheFileIsReplacedAHundredTimes() throws Exception {
        VaultFixture vault = VaultFixture.in(directory).set("relay", "user0", "secret0");
        // Every look finds the interval over.
        AtomicLong running = new AtomicLong();
        WatchedVault watched =
                new WatchedVault(vault.file(), now::get, () -> running.addAndGet(WatchedVault.INTERVAL.toNanos()));
        AtomicBoolean done = new AtomicBoolean();
        AtomicReference<String> wrong = new AtomicReference<>();
        List<Thread> readers = java.util.stream.IntStream.range(0, 4)
                .mapToObj(i -> Thread.startVirtualThread(() -> {
                    while (!done.get() && wrong.get() == null) {
                        check(watched.lookup("relay"), wrong);
                    }
                }))
                .toList();
        for (int i = 1; i <= 100; i++) {
            vault.set("relay", "user" + i, "secret" + i);
        }
        done.set(true);
        for (Thread reader : readers) {
            reader.join();
        }
        assertThat(wrong).hasNullValue();
        assertThat(found(watched.lookup("relay")).user()).isEqualTo("user100");
    }

    private static void check(Lookup lookup, AtomicReference<String> wrong) {
        if (!(lookup instanceof Found found)) {
            wrong.set(lookup.toString());
            return;
        }
        try (PasswordCredential credential = (PasswordCredential) found.credential()) {
            String number = credential.user().substring("user".length());
            if (!credential.password().equals(Secret.of("secret" + number))) {
                wrong.set("user " + number + " with the secret of another state");
            }
        }
    }

    @Test
    void answersThousandsOfLookupsPerSecond() throws Exception {
        WatchedVault watched = watch(VaultFixture.in(directory).set("relay", "user", CANARY));
        int lookups = 20_000;
        long start = System.nanoTime();
        for (int i = 0; i < lookups; i++) {
            ((Found) watched.lookup("relay")).credential().close();
        }
        double perSecond = lookups / ((System.nanoTime() - start) / 1e9);
        assertThat(perSecond).isGreaterThan(2_000);
    }

    @Test
    void offersTheNextPasswordAndMakesItThePresentOneOnceItIsProven() throws Exception {
        VaultFixture vault = VaultFixture.in(directory).set("relay", "user", "old");
        WatchedVault watched = watch(vault);
        assertThat(((Found) watched.lookup("relay")).next()).isEmpty();
        next(vault, "first try");
        CredentialVersion refused = offered(watched);
        assertThat(offered(watched))
                .as("the same for as long as it is the same")
                .isEqualTo(refused);
        next(vault, "second try");
        CredentialVersion proven = offered(watched);
        assertThat(proven).isNotEqualTo(refused);
        assertThat(proven.value()).doesNotContain("second");

        assertThat(watched.promote("relay", refused)).isInstanceOf(UpdateResult.Superseded.class);
        UpdateResult.Updated updated = (UpdateResult.Updated) watched.promote("relay", proven);
        Found after = (Found) watched.lookup("relay");
        assertThat(((PasswordCredential) after.credential()).password()).isEqualTo(Secret.of("second try"));
        assertThat(after.credential().version()).isEqualTo(updated.version());
        assertThat(after.next()).isEmpty();
        assertThat(watched.promote("relay", proven)).isInstanceOf(UpdateResult.Superseded.class);
        assertThat(watched.promote("nobody", proven)).isInstanceOf(UpdateResult.Superseded.class);
    }

    private static void next(VaultFixture vault, String password) throws Exception {
        vault.file().<Void>change(VaultFixture.EDIT, document -> {
            document.entries("relay").get(0).next(Secret.of(password));
            return null;
        });
    }

    private static CredentialVersion offered(WatchedVault watched) {
        watched.poll();
        return ((Found) watched.lookup("relay")).next().orElseThrow().version();
    }

    @Test
    void tellsListenersAndStopsWhenItIsClosed() throws Exception {
        VaultFixture vault = VaultFixture.in(directory).set("relay", "user", "old");
        VaultStore store = new VaultStore(properties(vault), Map.of(), System::nanoTime);
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        store.listeners(List.of(failing(), hearing(heard)));
        assertThat(store.name()).isEqualTo("vault");
        vault.set("relay", "user", "new");
        assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("changed relay");
        assertThat(found(store.lookup(new CredentialRef("relay"))).password()).isEqualTo(Secret.of("new"));
        Path away = vault.path().resolveSibling("away");
        Files.move(vault.path(), away, StandardCopyOption.ATOMIC_MOVE);
        while (!(store.lookup(new CredentialRef("relay")) instanceof StoreUnavailable)) {
            Thread.onSpinWait();
        }
        assertThat(store.isWatching()).isTrue();
        store.close();
        assertThat(store.isWatching()).isFalse();
    }

    @Test
    void saysWhatTheStanzaLacks() throws Exception {
        VaultFixture vault = VaultFixture.in(directory);
        assertThat(reason(Map.of("key_env", "K"))).contains("names no File");
        assertThat(reason(Map.of("file", "a.kdbx"))).contains("exactly one of Key_File, Key_Env and Key_Credential");
        assertThat(reason(Map.of("file", vault.path().toString(), "key_env", "K", "key_file", "k")))
                .contains("exactly one");
        assertThat(reason(Map.of("file", vault.path().toString(), "key_env", "K")))
                .contains("environment variable K is not set");
    }

    @Test
    void readsPathsFromTheConfigurationsDirectory() throws Exception {
        VaultFixture vault = VaultFixture.in(directory).set("relay", "user", CANARY);
        VaultStore store = new VaultStore(
                Map.of(
                        "file",
                        "vault.kdbx",
                        "key_file",
                        "vault.keyx",
                        "postern.config.directory",
                        directory.toString(),
                        "postern.config.generation",
                        1L),
                Map.of(),
                System::nanoTime);
        assertThat(store.lookup(new CredentialRef("relay"))).isInstanceOf(Found.class);
        assertThat(store.vaultFile()).contains(vault.file());
        store.close();
    }

    @Test
    void offersItsStanzaWithoutAnyConfiguration() {
        StanzaType stanza = new VaultVocabulary().stanzas().get(0);
        assertThat(stanza.name()).isEqualTo("Credential_Vault");
        assertThat(stanza.pid()).contains("org.postern.credential.vault");
        assertThat(stanza.settings())
                .extracting(Object::toString)
                .containsExactly("File", "Key_File", "Key_Env", "Key_Credential");
        assertThat(new VaultVocabulary().settings()).isEmpty();
    }

    private String reason(Map<String, ?> properties) throws InterruptedException {
        VaultStore store = new VaultStore(properties, Map.of(), System::nanoTime);
        try {
            return ((StoreUnavailable) store.lookup(new CredentialRef("relay"))).reason();
        } finally {
            store.close();
        }
    }

    private WatchedVault watch(VaultFixture vault) {
        return new WatchedVault(vault.file(), now::get, ticks::get);
    }

    private static Map<String, String> properties(VaultFixture vault) {
        return Map.of("file", vault.path().toString(), "key_file", vault.key().toString());
    }

    private static void unavailable(WatchedVault watched, String reason) {
        assertThat(watched.poll()).isEqualTo(new WatchedVault.Change.Keys(Set.of()));
        assertThat(watched.lookup("relay"))
                .asInstanceOf(type(StoreUnavailable.class))
                .extracting(StoreUnavailable::reason)
                .asString()
                .contains(reason)
                .doesNotContain(CANARY);
    }

    private static PasswordCredential found(Lookup lookup) {
        assertThat(lookup).isInstanceOf(Found.class);
        return (PasswordCredential) ((Found) lookup).credential();
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
