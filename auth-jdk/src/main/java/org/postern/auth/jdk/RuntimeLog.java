// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.jdk;

import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The log of the Java runtime's own mechanisms. DIGEST-MD5 writes the password down there in clear, at FINE; a container that takes
 * {@code java.util.logging} in shows that at DEBUG.
 */
final class RuntimeLog {

    // A logger that nobody holds may be collected, and its level with it.
    private static final Logger SASL = Logger.getLogger("javax.security.sasl");

    private RuntimeLog() {}

    /** From now on it says what is at INFO or above, whatever it was told before. */
    static void keepSecrets() {
        if (SASL.isLoggable(Level.CONFIG)) {
            SASL.setLevel(Level.INFO);
        }
    }
}
