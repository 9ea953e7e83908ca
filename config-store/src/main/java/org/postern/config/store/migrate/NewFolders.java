// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.migrate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The folders that a migration fills: one for the configuration, one for the vault, or the vault inside the other one. */
final class NewFolders implements AutoCloseable {

    private final Optional<NewFolder> configuration;
    private final Optional<NewFolder> apart;
    private final Optional<Path> vault;

    NewFolders(Optional<Path> out, Optional<Path> vaultPlace) throws IOException {
        boolean together = out.isPresent()
                && vaultPlace.filter(place -> place.startsWith(out.get())).isPresent();
        this.configuration = out.isPresent() ? Optional.of(NewFolder.beside(out.get())) : Optional.empty();
        this.apart = vaultPlace.isPresent() && !together
                ? Optional.of(NewFolder.beside(vaultPlace.get()))
                : Optional.empty();
        this.vault = together
                ? vaultPlace.map(place ->
                        configuration.orElseThrow().draft().resolve(out.get().relativize(place)))
                : apart.map(NewFolder::draft);
    }

    NewFolder configuration() {
        return configuration.orElseThrow();
    }

    /** Where the vault is made. */
    Path vault() throws IOException {
        return Files.createDirectories(vault.orElseThrow());
    }

    /** The vault comes first: a configuration is in place only with the vault that it names. */
    void moveIn() throws IOException {
        if (apart.isPresent()) {
            apart.get().moveInto();
        }
        if (configuration.isPresent()) {
            configuration.get().moveInPlace();
        }
    }

    @Override
    public void close() throws IOException {
        try {
            if (apart.isPresent()) {
                apart.get().close();
            }
        } finally {
            if (configuration.isPresent()) {
                configuration.get().close();
            }
        }
    }
}
