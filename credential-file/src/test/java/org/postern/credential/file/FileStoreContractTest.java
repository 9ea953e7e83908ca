// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.file;

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
import org.postern.testkit.CredentialStoreContract;

/** What every store promises, for folders that change as Kubernetes changes them. */
@Timeout(60)
class FileStoreContractTest implements CredentialStoreContract {

    @TempDir
    Path directory;

    private final AtomicLong ticks = new AtomicLong();
    private FileStore store;

    @BeforeEach
    void open() {
        store = store(directory);
    }

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    // Every lookup finds the interval over, so that no test waits for the clock.
    private FileStore store(Path folder) {
        return new FileStore(
                Map.of("directory", new String[] {folder.toString()}),
                Map.of(),
                () -> ticks.addAndGet(WatchedSecret.INTERVAL.toNanos()));
    }

    @Override
    public CredentialStore store() {
        return store;
    }

    @Override
    public void put(String key, String user, String password) throws Exception {
        SecretFiles.project(directory.resolve(key), Map.of("user", user, "password", password + "\n"));
        while (!isSeen(key, user, password)) {
            Thread.onSpinWait();
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
        SecretFiles.delete(directory.resolve(key));
        while (store.lookup(new CredentialRef(key)) instanceof Lookup.Found found) {
            found.credential().close();
        }
    }

    @Override
    public Optional<CredentialStore> unavailableStore() throws Exception {
        FileStore unavailable = store(directory.resolve("not mounted"));
        unavailable.close();
        return Optional.of(unavailable);
    }
}
