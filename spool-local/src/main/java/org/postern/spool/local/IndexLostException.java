// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.IOException;

/** The index of parked messages answers no more. The log still has them: a new index is made from it. */
final class IndexLostException extends IOException {

    private static final long serialVersionUID = 1L;

    IndexLostException(String why, Throwable cause) {
        super("the index of parked messages is lost: " + why, cause);
    }
}
