// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.command;

import java.io.IOException;
import java.time.Instant;
import org.postern.credential.vault.command.Arguments.UsageException;
import org.postern.credential.vault.document.VaultEntry;
import org.postern.credential.vault.file.Change;
import org.postern.spi.text.Printable;

/** Takes an entry out, its history too. */
final class RemoveVerb implements Verb {

    @Override
    public String help() {
        return """
                Usage: postern vault remove KEY

                Takes the entry KEY out of the vault, with its history. Mail that needs it is held from then on.

                %s""".formatted(VaultChoice.HELP);
    }

    @Override
    public void run(Call call) throws UsageException, IOException {
        String key = call.arguments().operand("key");
        Instant now = call.clock().instant();
        String user = call.vault().change(Change.of("remove", key, now), document -> {
            VaultEntry entry = OneEntry.in(document, key);
            document.remove(entry, now);
            return entry.user();
        });
        call.out().println("Removed \"" + key + "\" of user \"" + Printable.whole(user) + "\".");
    }
}
