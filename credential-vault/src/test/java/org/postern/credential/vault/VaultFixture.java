// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.postern.credential.vault.document.VaultEntry;
import org.postern.credential.vault.file.Change;
import org.postern.credential.vault.file.VaultFile;
import org.postern.credential.vault.key.KeySource;
import org.postern.spi.credential.Secret;

/** A vault with its key file, in a directory of a test. */
public record VaultFixture(VaultFile file) {

    /** A moment for tests. */
    public static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    /** A change of a test. */
    public static final Change EDIT = new Change("edit", List.of(), NOW);

    /** An empty vault. */
    public static VaultFixture in(Path directory) throws IOException {
        Path key = directory.resolve("vault.keyx");
        byte[] octets = new byte[32];
        octets[0] = (byte) 0xff;
        Files.write(key, octets);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        VaultFile file = new VaultFile(directory.resolve("vault.kdbx"), new KeySource.KeyFile(key));
        file.create(InstantSource.fixed(NOW));
        return new VaultFixture(file);
    }

    /** Adds an entry or changes the secret of one. */
    public VaultFixture set(String title, String user, String password) throws IOException {
        file.change(EDIT, document -> {
            try (Secret secret = Secret.of(password)) {
                VaultEntry entry = document.entries(title).stream()
                        .findFirst()
                        .map(found -> {
                            found.remember(NOW);
                            return found;
                        })
                        .orElseGet(() -> document.add(title, NOW));
                entry.user(user);
                entry.password(secret);
                return entry;
            }
        });
        return this;
    }

    /** Applies something to the one entry of this title. */
    public VaultFixture edit(String title, java.util.function.Consumer<VaultEntry> change) throws IOException {
        file.change(EDIT, document -> {
            change.accept(document.entries(title).get(0));
            return null;
        });
        return this;
    }

    /** Where the vault is. */
    public Path path() {
        return file.path();
    }

    /** Where its key is. */
    public Path key() {
        return file.key().file().orElseThrow();
    }
}
