// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.IOException;

/** A flush failed, so that nobody knows what the segment holds since the last; it is not written to again. */
final class AbandonedSegmentException extends IOException {

    private static final long serialVersionUID = 1L;

    AbandonedSegmentException(String name, IOException cause) {
        super("segment " + name + " could not be flushed: " + cause.getMessage(), cause);
    }

    /** Whether a file system that looks for room only now found none. */
    boolean full() {
        return getCause() instanceof DiskFullException;
    }
}
