// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.Closeable;
import java.util.List;
import java.util.Optional;

/**
 * Says where the messages are that are not held in memory. It begins empty with each life of the spool and is filled from the
 * log, so that nothing in it needs to be durable. Once a call has failed, all later ones fail too.
 *
 * <p>Threading: read by all, changed by one thread at a time.
 */
interface ParkedIndex extends Closeable {

    /** Makes the index of one life of the spool. */
    interface Maker {

        /** @throws IndexLostException if it cannot be made */
        ParkedIndex make() throws IndexLostException;
    }

    /** @throws IndexLostException if the index is lost */
    Optional<Parked> find(long number) throws IndexLostException;

    /**
     * Adds a message, or says something new of one.
     *
     * @throws IndexLostException if the index is lost
     */
    void put(Parked parked) throws IndexLostException;

    /**
     * Forgets a message; one that is not there is none of its business.
     *
     * @throws IndexLostException if the index is lost
     */
    void remove(long number) throws IndexLostException;

    /** How many there are; as far as is known, once the index is lost. */
    long size();

    /**
     * The most urgent messages, in the order in which they are due, then of acceptance.
     *
     * @param until only those that are due by then, in seconds since 1970
     * @param most how many at most
     * @throws IndexLostException if the index is lost
     */
    List<Parked> due(long until, int most) throws IndexLostException;

    /**
     * The messages that follow a number, in the order of acceptance.
     *
     * @param most how many at most
     * @throws IndexLostException if the index is lost
     */
    List<Parked> after(long number, int most) throws IndexLostException;

    /** Lets go of everything, its file included. */
    @Override
    void close();
}
