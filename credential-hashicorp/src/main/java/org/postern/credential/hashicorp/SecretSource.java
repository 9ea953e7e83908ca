// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp;

import java.util.Optional;

/** Where secrets are read. May block; can be interrupted. Safe for many threads. */
public interface SecretSource {

    /** Reads a secret, logging in first if need be. */
    SecretAnswer read(String path) throws InterruptedException;

    /**
     * Asks what would have to change when the secret does, without reading it, where that can be.
     *
     * @return a text that differs from one state to the next; nothing where only reading tells
     */
    Optional<String> peek(String path) throws InterruptedException;

    /**
     * Makes a lease live longer.
     *
     * @return how long it lives now; nothing if it could not be renewed
     */
    Optional<SecretAnswer.Lease> renew(SecretAnswer.Lease lease) throws InterruptedException;
}
