// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.IOException;

/** What is on the disk is not what was written there. */
final class DamagedRecordException extends IOException {

    private static final long serialVersionUID = 1L;

    DamagedRecordException(String file, long offset, String part) {
        super("damaged record in " + file + " at offset " + offset + ": " + part + " does not match its checksum");
    }

    /** The checksum holds, but what it covers makes no sense. */
    DamagedRecordException(String file, long offset, String part, IOException cause) {
        super("damaged record in " + file + " at offset " + offset + ": " + part + " cannot be read", cause);
    }
}
