// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.postern.core.outcome.BounceComposer;
import org.postern.core.outcome.FailurePolicy;
import org.postern.core.outcome.Report;
import org.postern.spi.mail.DsnRequest;
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.Spool;
import org.postern.spi.spool.SpooledMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What comes back of a message with a report on it. It remembers which messages could not be read, and since when, because a
 * report goes without its message only when there is no hope for that any more.
 *
 * <p>Threading: safe for many threads; waits for the disk.
 */
@Singleton
final class Originals {

    private static final Logger LOG = LoggerFactory.getLogger(Originals.class);

    /** A message that comes back as a whole is no larger than this. */
    private static final int WHOLE = 64 * 1024;

    /** So many unreadable messages are remembered; beyond that, others wait until these have come to an end. */
    private static final int REMEMBERED = 10_000;

    /** What nobody has tried to read for so long has left the queue, or an operator keeps it. */
    private static final Duration FORGOTTEN_AFTER = Duration.ofDays(1);

    private final Spool spool;
    private final FailurePolicy policy;
    private final Clock clock;
    private final Map<MessageId, Unread> unread = new ConcurrentHashMap<>();

    private record Unread(Instant since, Instant last, int tries) {

        private Unread again(Instant now) {
            return new Unread(since, now, tries + 1);
        }

        private Duration lasting() {
            return Duration.between(since, last);
        }
    }

    @Inject
    Originals(Spool spool, FailurePolicy policy, Clock clock) {
        this.spool = spool;
        this.policy = policy;
        this.clock = clock;
    }

    /**
     * The whole message where its sender wants that and it is small, else the header. Nothing where the report is that of a
     * failure, and the message is lost.
     *
     * @throws IOException if it cannot be read now, or is not here
     */
    Optional<BounceComposer.Original> of(SpooledMessage message, Report report) throws IOException {
        BounceComposer.Original original;
        try {
            original = read(message, report);
        } catch (FileNotFoundException notHere) {
            throw notHere;
        } catch (IOException unreadable) {
            Unread sofar = noted(message.id());
            if (report instanceof Report.Failed && policy.isUnreadableForGood(sofar.lasting(), sofar.tries())) {
                LOG.error(
                        "{}: its sender is told without its header, which could not be read for {} min: {}",
                        message.id(),
                        sofar.lasting().toMinutes(),
                        unreadable.toString());
                return Optional.empty();
            }
            throw unreadable;
        }
        unread.remove(message.id());
        return Optional.of(original);
    }

    private BounceComposer.Original read(SpooledMessage message, Report report) throws IOException {
        boolean whole = report instanceof Report.Failed
                && message.size() <= WHOLE
                && message.envelope().dsn().returned().equals(Optional.of(DsnRequest.Return.FULL));
        if (!whole) {
            return new BounceComposer.Original(OriginalHeader.read(spool, message.id()), false);
        }
        try (InputStream content = spool.openContent(message.id())) {
            return new BounceComposer.Original(content.readAllBytes(), true);
        }
    }

    private Unread noted(MessageId id) {
        Instant now = clock.instant();
        Unread first = new Unread(now, now, 1);
        if (unread.size() >= REMEMBERED) {
            Instant old = now.minus(FORGOTTEN_AFTER);
            unread.values().removeIf(one -> one.last().isBefore(old));
        }
        return unread.size() < REMEMBERED || unread.containsKey(id)
                ? unread.merge(id, first, (before, same) -> before.again(now))
                : first;
    }
}
