// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.migrate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.postern.config.store.migrate.Inventory.Account;
import org.postern.spi.command.OperatorCommand;

/**
 * Writes what a migration makes: all of it, or nothing.
 *
 * @param out where the new configuration goes, absolute, if one is wanted
 * @param vault where the vault goes, absolute, if one is wanted
 * @param force whether a configuration that is there may be moved aside; a vault never is
 */
public record Move(Optional<Path> out, Optional<Path> vault, boolean force) {

    /** @throws IOException if something is in the way or cannot be written; nothing is left behind then */
    public void make(Migration migration, Report report, Optional<OperatorCommand> vaultVerb) throws IOException {
        if (out.isPresent()) {
            requireApart(migration.home(), out.get());
            NewFolder.requireFree(out.get(), force);
        }
        Map<String, Account> accounts = migration.accounts();
        Optional<Path> filled = accounts.isEmpty() ? Optional.empty() : vault;
        if (filled.isPresent()) {
            requireNoVault(migration, filled.get());
        }
        try (NewFolders folders = new NewFolders(out, filled)) {
            if (out.isPresent()) {
                migration.write(folders.configuration(), filled.map(this::asNamed));
            }
            if (filled.isPresent()) {
                verb(vaultVerb).make(folders.vault(), accounts);
            }
            folders.moveIn();
        }
        tell(report, accounts, filled);
    }

    /** How the new configuration names the vault's folder: relative to itself, if the two move together. */
    private Path asNamed(Path folder) {
        return out.filter(folder::startsWith)
                .map(home -> home.relativize(folder))
                .orElse(folder);
    }

    private static VaultVerb verb(Optional<OperatorCommand> vault) throws IOException {
        return new VaultVerb(vault.orElseThrow(() -> new IOException("no bundle here offers the verb vault")));
    }

    private static void requireApart(Path home, Path out) throws IOException {
        Path source = home.toRealPath();
        Path target = Files.exists(out) ? out.toRealPath() : out;
        if (source.startsWith(target)) {
            throw new IOException(out + " holds the configuration that is read; write to another folder");
        }
    }

    private static void requireNoVault(Migration migration, Path folder) throws IOException {
        if (migration.hasVault()) {
            throw new IOException("the configuration has a Credential_Vault already; leave --vault away, and put the"
                    + " passwords in it with postern vault set");
        }
        if (Files.isDirectory(folder)) {
            for (String name : new String[] {VaultVerb.VAULT, VaultVerb.KEY_FILE}) {
                if (Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
                    throw new IOException(folder.resolve(name) + " is there already; choose another folder");
                }
            }
        }
    }

    private void tell(Report report, Map<String, Account> accounts, Optional<Path> filled) {
        out.ifPresent(folder -> report.written("the new configuration is in " + folder));
        if (filled.isPresent()) {
            report.written("the vault is " + filled.get().resolve(VaultVerb.VAULT) + ", its key " + VaultVerb.KEY_FILE
                    + " beside it: keep a copy of the key apart from the vault");
        } else if (!accounts.isEmpty()) {
            report.written("the new configuration needs these keys in a credential store before it can be used:");
            accounts.forEach((key, account) ->
                    report.written("  postern vault set " + word(key) + " --user " + word(account.user())));
        }
    }

    /** One word for a shell. */
    private static String word(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
