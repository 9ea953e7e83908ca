// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.command;

import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import org.postern.credential.vault.command.Arguments.UsageException;
import org.postern.spi.credential.Secret;

/** What can be done with a vault. Stateless. */
interface Verb {

    /** Options that take a value, besides those that choose the vault. */
    default Set<String> valued() {
        return Set.of();
    }

    /** Options that take none. */
    default Set<String> flags() {
        return Set.of();
    }

    /** Asks for the vault's passphrase, where the arguments say that it has one. */
    default Secret passphrase(InputStream in) throws IOException {
        return SecretInput.read("Passphrase of the vault", in);
    }

    /** The text for {@code --help}. */
    String help();

    /**
     * Does it.
     *
     * @throws UsageException if the arguments are wrong
     * @throws IOException if it cannot be done
     */
    void run(Call call) throws UsageException, IOException;
}
