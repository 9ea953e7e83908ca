// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.kdbx;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The octets are not a vault that this key opens: damaged, cut off, of another format, beyond the bounds, or sealed with
 * another key. The text is one line for people and never holds anything of the content.
 */
public final class UnreadableVaultException extends IOException {

    private static final long serialVersionUID = 1L;

    private final boolean wrongKey;

    private UnreadableVaultException(String message, boolean wrongKey) {
        super(message);
        this.wrongKey = wrongKey;
    }

    /** @param message what is wrong, as the rest of a sentence that begins with the file */
    public UnreadableVaultException(String message) {
        this(message, false);
    }

    static UnreadableVaultException wrongKey() {
        return new UnreadableVaultException("does not open with this key, or its header was tampered with", true);
    }

    /**
     * The same trouble, told of this file.
     *
     * @param key where the key was read from
     */
    public UnreadableVaultException of(Path file, String key) {
        String text = "vault " + file + " " + getMessage() + (wrongKey ? ": " + key : "");
        return new UnreadableVaultException(text, wrongKey);
    }

    /** Whether another key might open it. */
    public boolean isWrongKey() {
        return wrongKey;
    }
}
