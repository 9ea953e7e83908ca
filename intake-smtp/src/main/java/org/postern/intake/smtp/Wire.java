// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.io.IOException;

/** A connection's octets, in both directions. Used by one thread. */
interface Wire {

    /**
     * Reads some octets, at least one.
     *
     * @param nanos how long to wait, more than 0
     * @return how many; -1 at the end
     * @throws java.net.SocketTimeoutException if none came in time
     */
    int read(byte[] buffer, int from, int length, long nanos) throws IOException;

    /** Writes all these octets. */
    void write(byte[] buffer, int from, int length) throws IOException;

    /** Whether octets have come that were not read. */
    boolean hasInput() throws IOException;
}
