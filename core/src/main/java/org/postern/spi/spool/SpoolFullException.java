// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.spool;

import java.io.IOException;

/** There is no room for another message; what is stored is safe, and room comes back as messages leave. */
public final class SpoolFullException extends IOException {

    private static final long serialVersionUID = 1L;

    /** @param message one line for the operator */
    public SpoolFullException(String message) {
        super(message);
    }
}
