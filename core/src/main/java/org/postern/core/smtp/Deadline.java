// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.time.Duration;

/** Closes a connection when a step takes too long, whatever the step is blocked in. Used by the session's thread. */
public interface Deadline extends AutoCloseable {

    /** From now on there is this much time. */
    void arm(Duration limit);

    /** The step ended in time; or it did not, and then the deadline stays expired. */
    void disarm();

    /** Whether a step took too long. */
    boolean isExpired();

    /** Closes the connection. */
    void cut();

    /** Stops watching. The connection is left alone. */
    @Override
    void close();
}
