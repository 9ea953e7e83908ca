// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.postern.spi.spool.SpoolFullException;

/** Something that waits to become durable, and the thread that waits for it. */
abstract sealed class Pending permits Acceptance, Change, Move {

    private final Thread waiter = Thread.currentThread();
    private volatile boolean done;
    private IOException failure;

    /**
     * The records to write; none if there is nothing left to do. Asked by the committing thread when the records get their
     * place, so that the answer fits all that was applied before.
     */
    abstract List<LogRecord> records();

    /** About how many octets the records have. */
    abstract long octets();

    /** The records are durable and begin here. Called by the committing thread. */
    abstract void apply(Segment segment, long offset);

    final void succeed() {
        done = true;
        LockSupport.unpark(waiter);
    }

    final void fail(IOException cause) {
        if (!done) {
            failure = cause;
            succeed();
        }
    }

    /**
     * Waits. An interrupt does not end this, since nobody could say then whether the message is ours; it is there again
     * afterwards.
     */
    final void await() throws IOException {
        boolean interrupted = false;
        while (!done) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw renewed(failure);
        }
    }

    /** One failure may concern many callers; each gets an exception with a stack trace of its own. */
    private static IOException renewed(IOException cause) {
        IOException own = cause instanceof SpoolFullException
                ? new SpoolFullException(cause.getMessage())
                : new IOException(cause.getMessage());
        own.initCause(cause);
        return own;
    }
}
