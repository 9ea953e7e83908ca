// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.postern.core.queue.QueueKey;
import org.postern.core.queue.QueuedMessage;
import org.postern.engine.QueueFilter;
import org.postern.engine.dto.QueueEntry;
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.SpooledMessage;

/** A filter, ready to be asked of a million messages. Used by one thread. */
final class Matching {

    private final QueueFilter filter;
    private final Instant now;
    private final Function<QueueKey, Optional<String>> writtenUser;
    private final Map<QueueKey, Optional<String>> writtenUsers = new HashMap<>();
    private final Optional<Pattern> domain;
    private final Optional<Pattern> binding;
    private final Optional<Pattern> identity;
    private final Optional<Pattern> sender;
    private final Optional<Pattern> recipient;
    private final Optional<Pattern> reason;

    /** @param writtenUser as whom the configuration sends mail of a queue */
    Matching(QueueFilter filter, Instant now, Function<QueueKey, Optional<String>> writtenUser) {
        this.filter = filter;
        this.now = now;
        this.writtenUser = writtenUser;
        this.domain = filter.domain().map(Matching::glob);
        this.binding = filter.binding().map(Matching::glob);
        this.identity = filter.identity().map(Matching::glob);
        this.sender = filter.sender().map(Matching::glob);
        this.recipient = filter.recipient().map(Matching::glob);
        this.reason = filter.reason().map(text -> glob("*" + text + "*"));
    }

    private static Pattern glob(String text) {
        String expression =
                Arrays.stream(text.split("\\*+", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
        return Pattern.compile(expression, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);
    }

    boolean matches(QueuedMessage message, QueueEntry.State state, Optional<String> why) {
        return matches(message.message(), state)
                && says(domain, message.key().domain().name())
                && says(binding, message.key().binding().name())
                && says(reason, why.orElse(""))
                && (identity.isEmpty() || says(identity, identityOf(message).orElse("")))
                && (recipient.isEmpty() || !recipients(message).isEmpty());
    }

    private boolean matches(SpooledMessage message, QueueEntry.State state) {
        return (filter.ids().isEmpty() || filter.ids().contains(message.id()))
                && filter.state().map(state::equals).orElse(true)
                && matchesAge(Duration.between(message.received(), now))
                && (sender.isEmpty() || says(sender, message.envelope().senderText()));
    }

    private boolean matchesAge(Duration age) {
        return filter.olderThan().map(least -> age.compareTo(least) >= 0).orElse(true)
                && filter.youngerThan().map(most -> age.compareTo(most) < 0).orElse(true);
    }

    private static boolean says(Optional<Pattern> wanted, String text) {
        return wanted.isEmpty() || wanted.get().matcher(text).matches();
    }

    /** The only messages that can match; all if there are none. */
    Set<MessageId> ids() {
        return filter.ids();
    }

    /** As whom it was tried last, or is to go out by what is written. */
    Optional<String> identityOf(QueuedMessage message) {
        return message.identity().or(() -> writtenUsers.computeIfAbsent(message.key(), writtenUser));
    }

    /** The recipients that are meant, as positions in the envelope. */
    List<Integer> recipients(QueuedMessage message) {
        return recipient.isEmpty()
                ? message.recipients()
                : message.recipients().stream()
                        .filter(index ->
                                says(recipient, message.recipient(index).toString()))
                        .toList();
    }
}
