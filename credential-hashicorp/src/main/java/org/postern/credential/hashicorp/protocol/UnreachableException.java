// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp.protocol;

import java.io.IOException;

/** No connection to an address, and so nothing was said to it. The text completes a sentence that begins with the address. */
final class UnreachableException extends IOException {

    private static final long serialVersionUID = 1L;

    UnreachableException(String message) {
        super(message);
    }
}
