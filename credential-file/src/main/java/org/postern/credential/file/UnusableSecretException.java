// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.file;

/** A file cannot be used as what it should be. The text names the file, says why, and never quotes it. */
final class UnusableSecretException extends Exception {

    private static final long serialVersionUID = 1L;

    UnusableSecretException(Sighting.Seen file, String reason) {
        super("file " + file.path() + " " + reason);
    }
}
