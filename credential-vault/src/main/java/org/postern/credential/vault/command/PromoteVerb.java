// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.command;

import java.io.IOException;
import java.time.Instant;
import org.postern.credential.vault.command.Arguments.UsageException;
import org.postern.credential.vault.document.VaultEntry;
import org.postern.credential.vault.file.Change;

/** Makes the next secret of an entry its present one. */
final class PromoteVerb implements Verb {

    @Override
    public String help() {
        return """
                Usage: postern vault promote KEY

                Makes the next secret of the entry KEY its present one; the old one goes into its history.

                %s""".formatted(VaultChoice.HELP);
    }

    @Override
    public void run(Call call) throws UsageException, IOException {
        String key = call.arguments().operand("key");
        Instant now = call.clock().instant();
        call.vault().<Void>change(Change.of("promote", key, now), document -> {
            VaultEntry entry = OneEntry.in(document, key);
            if (!entry.hasNext()) {
                throw new IOException(
                        "the entry \"" + key + "\" has no next secret: give it one with \"postern vault rotate\"");
            }
            entry.promote(now);
            return null;
        });
        call.out().println("\"" + key + "\" uses its next secret from now on.");
    }
}
