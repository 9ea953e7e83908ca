// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.command;

import java.io.IOException;
import java.util.Set;
import org.postern.credential.vault.command.Arguments.UsageException;

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
