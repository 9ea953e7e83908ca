// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

import java.io.IOException;

/** A client sent a line beyond the limit. */
final class LineTooLongException extends IOException {

    private static final long serialVersionUID = 1L;

    LineTooLongException(int most) {
        super("line of more than " + most + " octets");
    }
}
