// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.io.IOException;
import java.util.Optional;

/** A mail relay that runs in processes of its own and delivers to the sink. */
interface Relay extends AutoCloseable {

    /** What the table calls it. */
    String name();

    /** Its version, for the head of the table. */
    String version();

    /** Where it takes mail in, on 127.0.0.1. */
    int port();

    /** Starts it with an empty queue; it need not take mail yet when this returns. */
    void start() throws IOException, InterruptedException;

    /** The first of its processes, while it runs. */
    Optional<ProcessTree> processes();

    /** Ends it and throws its queue away. */
    void stop() throws IOException, InterruptedException;

    @Override
    default void close() throws IOException {
        try {
            stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
