// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.file;

import java.time.Instant;
import org.postern.spi.credential.Octets;
import org.postern.spi.credential.SecretWrapping;
import org.postern.spi.text.Printable;

/**
 * A user and a password that were read together. Two are equal if user and password are.
 *
 * @param user empty where there is no file with the user
 * @param password wrapped
 * @param print a keyed hash of both; the key never leaves the reader
 * @param changed when the younger of the two files changed last
 */
record Material(String user, SecretWrapping.Wrapped password, Octets print, Instant changed) {

    @Override
    public boolean equals(Object other) {
        return other instanceof Material that && print.equals(that.print);
    }

    @Override
    public int hashCode() {
        return print.hashCode();
    }

    /** The user only. */
    @Override
    public String toString() {
        return "Material[" + Printable.quoted(user) + "]";
    }
}
