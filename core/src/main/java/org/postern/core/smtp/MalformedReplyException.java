// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.io.IOException;

/** What the peer sent is no reply, or too much of one. */
final class MalformedReplyException extends IOException {

    private static final long serialVersionUID = 1L;

    MalformedReplyException(String message) {
        super(message);
    }
}
