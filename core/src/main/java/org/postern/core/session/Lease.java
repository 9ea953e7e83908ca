// SPDX-License-Identifier: Apache-2.0
package org.postern.core.session;

/** What the pool has to offer. */
public sealed interface Lease {

    /**
     * An open session, for the caller alone until it is given back or discarded.
     *
     * @param session ready for a mail transaction
     */
    record Reused(PooledSession session) implements Lease {}

    /**
     * Nothing that fits; the caller opens a session and has it adopted.
     *
     * @param key what to open
     */
    record Needed(SessionKey key) implements Lease {}
}
