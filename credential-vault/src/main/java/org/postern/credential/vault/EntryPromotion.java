// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.postern.credential.vault.document.VaultDocument;
import org.postern.credential.vault.document.VaultEntry;
import org.postern.credential.vault.file.Change;
import org.postern.credential.vault.file.VaultFile;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Secret;
import org.postern.spi.credential.UpdateResult;
import org.postern.spi.text.Printable;

/**
 * Makes the coming password of an entry its present one, as {@code postern vault promote} does.
 *
 * @param key the entry
 * @param next the version of the coming password that has been proven
 * @param versions tells which version a coming password is
 * @param now what time it is
 */
record EntryPromotion(String key, CredentialVersion next, NextVersions versions, Instant now) {

    /** What is there is not what was proven. Thrown, because a change that throws is not written. */
    private static final class OtherNextException extends IOException {

        private static final long serialVersionUID = 1L;

        OtherNextException(String message) {
            super(message);
        }
    }

    UpdateResult applyTo(VaultFile file) {
        try {
            return new UpdateResult.Updated(file.change(Change.of("promote", key, now), this::change));
        } catch (OtherNextException other) {
            return new UpdateResult.Superseded(other.getMessage());
        } catch (IOException failed) {
            return new UpdateResult.NotUpdated(String.valueOf(failed.getMessage()));
        }
    }

    private CredentialVersion change(VaultDocument document) throws IOException {
        List<VaultEntry> found = document.entries(key);
        if (found.size() != 1 || !isProven(found.get(0))) {
            throw new OtherNextException(
                    "the vault's entry \"" + Printable.whole(key) + "\" has another next password, or none");
        }
        VaultEntry entry = found.get(0);
        entry.promote(now);
        return entry.version();
    }

    private boolean isProven(VaultEntry entry) {
        if (!entry.hasNext()) {
            return false;
        }
        try (Secret coming = entry.nextPassword().orElseThrow()) {
            return versions.of(entry.version(), coming).equals(next);
        }
    }
}
