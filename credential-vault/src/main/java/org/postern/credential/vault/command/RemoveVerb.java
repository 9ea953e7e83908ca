// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.command;

import java.io.IOException;
import java.util.List;
import org.postern.credential.vault.Printable;
import org.postern.credential.vault.command.Arguments.UsageException;
import org.postern.credential.vault.document.VaultDocument;
import org.postern.credential.vault.document.VaultEntry;

/** Takes an entry out, its history too. */
final class RemoveVerb implements Verb {

    @Override
    public String help() {
        return """
                Usage: postern vault remove KEY

                Takes the entry KEY out of the vault, with its history. Mail that needs it is held from then on.

                  --file FILE            the vault (default: the configured one, or ./postern-vault.kdbx)
                  --key-file FILE        its key file (default: the configured key, or beside the vault, named .keyx)
                  --key-env NAME         its key or passphrase is in this environment variable
                  --key-credential NAME  its key is this systemd credential
                """;
    }

    @Override
    public void run(Call call) throws UsageException, IOException {
        String key = call.arguments().operand("key");
        String user = call.vault().change(document -> remove(document, key, call));
        call.out().println("Removed \"" + key + "\" of user \"" + Printable.of(user) + "\".");
    }

    private static String remove(VaultDocument document, String key, Call call) throws IOException {
        List<VaultEntry> found = document.entries(key);
        if (found.size() != 1) {
            throw new IOException(
                    found.isEmpty()
                            ? "the vault has no entry \"" + key + "\""
                            : "the vault has " + found.size() + " entries \"" + key
                                    + "\": remove one with KeePassXC for instance");
        }
        VaultEntry entry = found.get(0);
        String user = entry.user();
        document.remove(entry, call.clock().instant());
        return user;
    }
}
