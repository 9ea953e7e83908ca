// SPDX-License-Identifier: Apache-2.0
package org.postern.core.session;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.postern.core.smtp.SmtpConnection;

/**
 * An open session and what it may still be used for. Used by one thread at a time; the pool hands it over.
 */
public final class PooledSession {

    private final SessionKey key;
    private final Opener opener;
    private final SmtpConnection connection;
    private final Optional<String> mechanism;
    private final SessionLife life;
    private final List<Object> limits;
    private volatile int delivered;
    private volatile long recipients;
    private volatile boolean busy = true;
    private volatile boolean retired;
    private volatile Instant idleSince = Instant.MAX;

    PooledSession(
            SessionKey key,
            Opener opener,
            SmtpConnection connection,
            Optional<String> mechanism,
            SessionLife life,
            List<Object> limits) {
        this.key = key;
        this.opener = opener;
        this.connection = connection;
        this.mechanism = mechanism;
        this.life = life;
        this.limits = limits;
    }

    /** What it was opened for. */
    public SessionKey key() {
        return key;
    }

    /** Whose message it was opened for. */
    public Opener opener() {
        return opener;
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

    List<Object> limits() {
        return limits;
    }

    boolean countsUnder(Object limit) {
        return limits.contains(limit);
    }

    Instant idleSince() {
        return idleSince;
    }

    void taken() {
        busy = true;
    }

    // Only the thread that holds the session counts.
    @SuppressWarnings("NonAtomicOperationOnVolatileField")
    void delivered(int named) {
        delivered++;
        recipients += named;
    }

    void finishedDelivery(Instant now, int named) {
        delivered(named);
        idleSince = now;
        busy = false;
    }

    boolean isRetired() {
        return retired;
    }

    void retire() {
        retired = true;
    }

    boolean mayContinue(Instant now) {
        return mayContinueWith(delivered, recipients, now);
    }

    boolean mayContinueAfter(int named, Instant now) {
        return mayContinueWith(delivered + 1, recipients + named, now);
    }

    private boolean mayContinueWith(int messages, long named, Instant now) {
        return !retired && !life.isOver(now) && life.allowsMore(messages, named);
    }

    boolean idleTooLong(Instant now) {
        return !busy && !idleSince.plus(life.idleTimeout()).isAfter(now);
    }
}
