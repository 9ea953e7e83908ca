// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

/** A coming credential in the hands of one message. The first result counts; closing without one decides nothing. */
public interface Trial extends AutoCloseable {

    /** A peer accepted it: it is used from now on, and the store is asked to make it the current one. */
    void accepted();

    /**
     * A peer refused it: this version of it is not tried again.
     *
     * @param reason one line for people, from the peer
     */
    void refused(String reason);

    /** Nothing was learnt; another message may try. */
    @Override
    void close();
}
