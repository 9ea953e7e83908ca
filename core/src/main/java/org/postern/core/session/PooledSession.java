// SPDX-License-Identifier: Apache-2.0
package org.postern.core.session;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.postern.core.smtp.SmtpConnection;

/**
 * An open session and what it may still be used for. Used by one thread at a time; the pool hands it over.
 */
public final class PooledSession {

    private final SessionKey key;
    private final SmtpConnection connection;
    private final Optional<String> mechanism;
    private final Duration idleTimeout;
    private final long maxDeliveries;
    private volatile int delivered;
    private volatile boolean busy = true;
    private volatile boolean retired;
    private volatile Instant idleSince = Instant.MAX;

    PooledSession(
            SessionKey key,
            SmtpConnection connection,
            Optional<String> mechanism,
            Duration idleTimeout,
            long maxDeliveries) {
        this.key = key;
        this.connection = connection;
        this.mechanism = mechanism;
        this.idleTimeout = idleTimeout;
        this.maxDeliveries = maxDeliveries;
    }

    /** What it was opened for. */
    public SessionKey key() {
        return key;
    }

    /** The dialogue with the peer. */
    public SmtpConnection connection() {
        return connection;
    }

    /** The mechanism that authenticated it, if one did. */
    public Optional<String> mechanism() {
        return mechanism;
    }

    /** Messages delivered so far. */
    public int delivered() {
        return delivered;
    }

    /** Whether a message is under way. */
    public boolean busy() {
        return busy;
    }

    /** Whether this is not the first message. */
    public boolean reused() {
        return delivered > 0;
    }

    Instant idleSince() {
        return idleSince;
    }

    void taken() {
        busy = true;
    }

    // Only the thread that holds the session counts.
    @SuppressWarnings("NonAtomicOperationOnVolatileField")
    void finishedDelivery(Instant now) {
        delivered++;
        idleSince = now;
        busy = false;
    }

    void retire() {
        retired = true;
    }

    boolean mayContinue() {
        return !retired && (maxDeliveries == 0 || delivered < maxDeliveries);
    }

    boolean idleTooLong(Instant now) {
        return !busy && !idleSince.plus(idleTimeout).isAfter(now);
    }
}
