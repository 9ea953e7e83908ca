// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.settings;

/** A value that a setting cannot take. The text says what would do, and never repeats a secret. */
public final class InvalidValueException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * @param message the rest of a sentence that begins with the setting's name, such as {@code "must be yes or no"}
     */
    public InvalidValueException(String message) {
        super(message);
    }
}
