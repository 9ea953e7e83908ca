// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialStore;
import org.postern.spi.credential.Lookup;
import org.postern.spi.credential.PasswordCredential;
import org.postern.spi.credential.Secret;
import org.postern.testkit.RotatingCredentialStoreContract;
import org.postern.testkit.WritableCredentialStoreContract;

/** What every store promises, for the vault. */
@Timeout(60)
class VaultStoreContractTest implements WritableCredentialStoreContract, RotatingCredentialStoreContract {

    @TempDir
    Path directory;

    private final AtomicLong ticks = new AtomicLong();
    private VaultFixture vault;
    private VaultStore store;

    @BeforeEach
    void open() throws Exception {
        vault = VaultFixture.in(directory);
        store = store(vault.path());
    }

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    @Override
    public VaultStore store() {
        return store;
    }

    @Override
    public void put(String key, String user, String password) throws Exception {
        vault.set(key, user, password);
        while (!isSeen(key, user, password)) {
            // Another lookup may be opening the file; it is there in a moment.
            Thread.onSpinWait();
        }
    }

    @Override
    public void putNext(String key, String password) throws Exception {
        vault.file().<Void>change(VaultFixture.EDIT, document -> {
            document.entries(key).get(0).next(Secret.of(password));
            return null;
        });
        while (!isComing(key, password)) {
            Thread.onSpinWait();
        }
    }

    private boolean isComing(String key, String password) {
        if (!(store.lookup(new CredentialRef(key)) instanceof Lookup.Found found)) {
            return false;
        }
        try {
            return found.next()
                    .filter(next -> ((PasswordCredential) next).password().equals(Secret.of(password)))
                    .isPresent();
        } finally {
            found.close();
        }
    }

    private boolean isSeen(String key, String user, String password) {
        if (!(store.lookup(new CredentialRef(key)) instanceof Lookup.Found found)) {
            return false;
        }
        try (PasswordCredential credential = (PasswordCredential) found.credential()) {
            return credential.user().equals(user) && credential.password().equals(Secret.of(password));
        }
    }

    @Override
    public void remove(String key) throws Exception {
        vault.file().<Void>change(VaultFixture.EDIT, document -> {
            document.remove(document.entries(key).get(0), VaultFixture.NOW);
            return null;
        });
    }

    @Override
    public Optional<CredentialStore> unavailableStore() throws Exception {
        Path damaged = directory.resolve("damaged.kdbx");
        Files.writeString(damaged, "no vault");
        VaultStore unavailable = store(damaged);
        unavailable.close();
        assertThat(unavailable.isWatching()).isFalse();
        return Optional.of(unavailable);
    }

    // Every lookup finds the interval over, so that no test waits for the clock.
    private VaultStore store(Path path) {
        return new VaultStore(
                Map.of("file", path.toString(), "key_file", vault.key().toString()),
                Map.of(),
                () -> ticks.addAndGet(WatchedVault.INTERVAL.toNanos()));
    }
}
