// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.document;

import org.postern.credential.vault.kdbx.Element;
import org.postern.fuzz.Body;
import org.postern.spi.credential.Secret;

/** Asks a vault for all that it is ever asked for. */
public final class DocumentReading {

    private DocumentReading() {}

    /** Reads every field of every entry below an outermost element. */
    public static void readAll(Element root) {
        VaultDocument document = new VaultDocument(root);
        document.generation();
        document.audited();
        document.entries().forEach(DocumentReading::read);
    }

    private static void read(VaultEntry entry) {
        entry.title();
        entry.user();
        entry.mechanism();
        entry.hosts();
        entry.note();
        entry.modified();
        entry.expiry();
        entry.history();
        entry.isReference();
        Body.check(entry.version().equals(entry.version()), "a version that is not itself");
        try (Secret password = entry.password()) {
            // Not a search for the password: title and user may be the same word.
            Body.check(
                    entry.toString().equals("VaultEntry[" + entry.title() + ", " + entry.user() + "]"),
                    "an entry that prints more than title and user");
            Body.check(password.length() >= 0, "no password");
        }
        entry.nextPassword().ifPresent(Secret::close);
    }
}
