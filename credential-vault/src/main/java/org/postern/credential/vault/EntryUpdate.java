// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.postern.credential.vault.document.VaultDocument;
import org.postern.credential.vault.document.VaultEntry;
import org.postern.credential.vault.file.Change;
import org.postern.credential.vault.file.VaultFile;
import org.postern.credential.vault.kdbx.Kdbx;
import org.postern.spi.credential.CredentialUpdate;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Secret;
import org.postern.spi.credential.UpdateResult;
import org.postern.spi.text.Printable;

/**
 * A change of one entry that another store asks for.
 *
 * @param update what to write
 * @param now what time it is
 */
record EntryUpdate(CredentialUpdate update, Instant now) {

    /** What is there is not what was expected. Thrown, because a change that throws is not written. */
    private static final class OtherVersionException extends IOException {

        private static final long serialVersionUID = 1L;

        OtherVersionException(String message) {
            super(message);
        }
    }

    UpdateResult applyTo(VaultFile file) {
        if (!isWritable(update.ref().key()) || !isWritable(update.user())) {
            return new UpdateResult.NotUpdated(
                    "the key or the user has a control character in it, or the key is empty");
        }
        try {
            return new UpdateResult.Updated(
                    file.change(Change.of("update", update.ref().key(), now), this::change));
        } catch (OtherVersionException other) {
            return new UpdateResult.Superseded(other.getMessage());
        } catch (IOException failed) {
            return new UpdateResult.NotUpdated(String.valueOf(failed.getMessage()));
        }
    }

    private boolean isWritable(String text) {
        boolean key = text.equals(update.ref().key());
        return Kdbx.canCarry(text)
                && text.codePoints().noneMatch(Character::isISOControl)
                && !(key && update.ref().key().isBlank());
    }

    private CredentialVersion change(VaultDocument document) throws IOException {
        List<VaultEntry> found = document.entries(update.ref().key());
        if (found.size() > 1) {
            throw new IOException("the vault has " + found.size() + " entries " + quoted()
                    + ": rename or delete all but one, with KeePassXC for instance");
        }
        Optional<CredentialVersion> held = found.stream().findFirst().map(VaultEntry::version);
        if (update.expected().isPresent() && !update.expected().equals(held)) {
            throw new OtherVersionException("the vault's entry " + quoted()
                    + (held.isPresent() ? " was changed by another in the meantime" : " is gone"));
        }
        return found.isEmpty() ? add(document) : renew(found.get(0));
    }

    private CredentialVersion add(VaultDocument document) {
        VaultEntry entry = document.add(update.ref().key(), now);
        fill(entry);
        return entry.version();
    }

    private CredentialVersion renew(VaultEntry entry) {
        if (!isAsWanted(entry)) {
            entry.remember(now);
            fill(entry);
        }
        // The end was that of the secret that goes.
        if (entry.expiry().filter(end -> !end.isAfter(now)).isPresent()) {
            entry.expiry(Optional.empty());
        }
        return entry.version();
    }

    private boolean isAsWanted(VaultEntry entry) {
        try (Secret held = entry.password()) {
            return held.equals(update.secret())
                    && entry.user().equals(update.user())
                    && entry.hosts().equals(update.allowedHosts());
        }
    }

    private void fill(VaultEntry entry) {
        entry.user(update.user());
        entry.password(update.secret());
        entry.hosts(update.allowedHosts());
    }

    private String quoted() {
        return '"' + Printable.whole(update.ref().key()) + '"';
    }
}
