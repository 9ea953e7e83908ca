// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp.protocol;

import org.postern.spi.credential.Secret;

/** What whoever wants to ask the server gets. */
sealed interface Access {

    /**
     * A token.
     *
     * @param token the receiver's to close
     * @param serial tells this token from those before and after it
     */
    record Granted(Secret token, long serial) implements Access, AutoCloseable {

        @Override
        public void close() {
            token.close();
        }
    }

    /** There is none, and there was no time yet to try again. */
    record None(String reason) implements Access {}

    /** There is none, because the server cannot be asked. */
    record Unavailable(String reason) implements Access {}
}
