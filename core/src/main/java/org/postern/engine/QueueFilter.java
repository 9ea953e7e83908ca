// SPDX-License-Identifier: Apache-2.0
package org.postern.engine;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.postern.engine.dto.QueueEntry;
import org.postern.spi.mail.MessageId;

/**
 * Which entries of the queue are meant: those that everything said here is true of. Texts are compared without regard to
 * case, and {@code *} in them stands for any characters.
 *
 * @param ids the messages; empty for all
 * @param domain the routing domain
 * @param binding the binding
 * @param identity as whom the mail was tried last, or is to go out; the empty text means without authentication
 * @param sender the reverse-path; the empty text means the null reverse-path
 * @param recipient a recipient that is not settled
 * @param reason what the last attempt came to; found anywhere in it
 * @param state how it waits
 * @param olderThan accepted at least this long ago
 * @param youngerThan accepted less than this long ago
 * @param inMemory whether only what this process has in memory is meant, not what waits in the spool alone
 */
public record QueueFilter(
        Set<MessageId> ids,
        Optional<String> domain,
        Optional<String> binding,
        Optional<String> identity,
        Optional<String> sender,
        Optional<String> recipient,
        Optional<String> reason,
        Optional<QueueEntry.State> state,
        Optional<Duration> olderThan,
        Optional<Duration> youngerThan,
        boolean inMemory) {

    /** Everything. */
    public static final QueueFilter ALL = new QueueFilter(
            Set.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /** @throws NullPointerException if a part is missing */
    public QueueFilter {
        ids = Set.copyOf(ids);
        Objects.requireNonNull(domain, "domain");
        Objects.requireNonNull(binding, "binding");
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(sender, "sender");
        Objects.requireNonNull(recipient, "recipient");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(olderThan, "olderThan");
        Objects.requireNonNull(youngerThan, "youngerThan");
    }

    /** Wherever it is. */
    public QueueFilter(
            Set<MessageId> ids,
            Optional<String> domain,
            Optional<String> binding,
            Optional<String> identity,
            Optional<String> sender,
            Optional<String> recipient,
            Optional<String> reason,
            Optional<QueueEntry.State> state,
            Optional<Duration> olderThan,
            Optional<Duration> youngerThan) {
        this(ids, domain, binding, identity, sender, recipient, reason, state, olderThan, youngerThan, false);
    }

    /** The same, of what this process has in memory. */
    public QueueFilter onlyInMemory() {
        return new QueueFilter(
                ids, domain, binding, identity, sender, recipient, reason, state, olderThan, youngerThan, true);
    }

    /** Whether everything is meant, or everything in memory. */
    public boolean meansAll() {
        return equals(inMemory ? ALL.onlyInMemory() : ALL);
    }

    /** These messages. */
    public static QueueFilter of(Set<MessageId> ids) {
        return new QueueFilter(
                ids,
                ALL.domain,
                ALL.binding,
                ALL.identity,
                ALL.sender,
                ALL.recipient,
                ALL.reason,
                ALL.state,
                ALL.olderThan,
                ALL.youngerThan);
    }
}
