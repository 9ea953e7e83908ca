// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.key;

import java.io.IOException;

/** There is no usable key at the place named. The text is one line for people and holds nothing of the key. */
public final class MalformedKeyException extends IOException {

    private static final long serialVersionUID = 1L;

    /** @param message what is wrong and what would help */
    public MalformedKeyException(String message) {
        super(message);
    }
}
