// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.command;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.postern.credential.vault.document.VaultDocument;
import org.postern.credential.vault.document.VaultEntry;

/** The entry that a key names, which has to be one. */
final class OneEntry {

    private OneEntry() {}

    /** @throws IOException if there are several */
    static Optional<VaultEntry> find(VaultDocument document, String key) throws IOException {
        return only(key, document.entries(key));
    }

    /**
     * The same, of those that bear the key as their title.
     *
     * @throws IOException if there are several
     */
    static Optional<VaultEntry> only(String key, List<VaultEntry> found) throws IOException {
        if (found.size() > 1) {
            throw new IOException("the vault has " + found.size() + " entries \"" + key
                    + "\": rename or delete all but one, with KeePassXC for instance");
        }
        return found.stream().findFirst();
    }

    /** @throws IOException if there is none, or there are several */
    static VaultEntry in(VaultDocument document, String key) throws IOException {
        return find(document, key).orElseThrow(() -> new IOException("the vault has no entry \"" + key + "\""));
    }
}
