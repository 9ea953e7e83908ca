// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.IOException;

/** The file system, or a quota, has no room left. */
final class DiskFullException extends IOException {

    private static final long serialVersionUID = 1L;

    DiskFullException(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
