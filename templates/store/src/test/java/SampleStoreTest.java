// SPDX-License-Identifier: Apache-2.0
package org.example.sample;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.credential.CredentialStore;
import org.postern.testkit.CredentialStoreContract;

/** What every store promises comes from the contract; add below it what yours promises. */
class SampleStoreTest implements CredentialStoreContract {

    @TempDir
    private Path folder;

    private final Properties entries = new Properties();
    private SampleStore store;

    @BeforeEach
    void open() {
        store = new SampleStore(folder.resolve("sample.properties"));
    }

    @Override
    public CredentialStore store() {
        return store;
    }

    @Override
    public void put(String key, String user, String password) throws IOException {
        entries.setProperty(key + ".user", user);
        entries.setProperty(key + ".password", password);
        write();
    }

    @Override
    public void remove(String key) throws IOException {
        entries.remove(key + ".user");
        entries.remove(key + ".password");
        write();
    }

    // Whole or not at all, because lookups go on meanwhile.
    private void write() throws IOException {
        Path fresh = folder.resolve("fresh");
        try (Writer out = Files.newBufferedWriter(fresh)) {
            entries.store(out, null);
        }
        Files.move(fresh, folder.resolve("sample.properties"), ATOMIC_MOVE, REPLACE_EXISTING);
    }

    @Override
    public Optional<CredentialStore> unavailableStore() {
        return Optional.of(new SampleStore(folder.resolve("nowhere.properties")));
    }
}
