// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.command;

import java.io.InputStream;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Map;
import org.postern.credential.vault.file.VaultFile;

/**
 * One call of a verb.
 *
 * @param arguments what follows the verb
 * @param vault the vault it is about
 * @param environment for keys that lie there
 * @param in the operator's input
 * @param out for results
 * @param err for remarks
 * @param clock what time it is
 */
record Call(
        Arguments arguments,
        VaultFile vault,
        Map<String, String> environment,
        InputStream in,
        PrintStream out,
        PrintStream err,
        InstantSource clock) {

    /** Never the environment's values. */
    @Override
    public String toString() {
        return "Call[" + vault.path() + "]";
    }
}
