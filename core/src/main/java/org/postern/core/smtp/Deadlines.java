// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.io.Closeable;

/** Who looks after the time that steps of sessions take. Threading: safe for many threads. */
public interface Deadlines extends AutoCloseable {

    /** A deadline, not armed yet, that closes this connection. */
    Deadline over(Closeable connection);

    /** Cuts every connection that is still looked after. */
    @Override
    void close();
}
