// SPDX-License-Identifier: Apache-2.0
package org.postern.core.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postern.spi.spool.SpooledMessage;

class QueuedMessageTest {

    private static final Instant LATER = Messages.RECEIVED.plusSeconds(60);

    private final SpooledMessage message = withContext(Messages.to("m1", "a@one.example", "b@one.example"));

    private static SpooledMessage withContext(SpooledMessage plain) {
        return new SpooledMessage(
                plain.id(),
                plain.envelope(),
                plain.binding(),
                Map.of("stored", "1"),
                plain.received(),
                plain.size(),
                plain.states());
    }

    private QueuedMessage queued(Map<String, String> context) {
        return new QueuedMessage(message, Messages.queued(message).key(), List.of(0, 1), 2, context, false);
    }

    @Test
    void saysTheSameWhilePackedAndAfter() {
        QueuedMessage before = queued(Map.of("stored", "1", "not stored", "2"))
                .forRecipients(List.of(1))
                .afterAttempt()
                .knowing(true)
                .because("451 busy")
                .triedAs(Optional.of("alice"))
                .askedSince(Optional.of(LATER))
                .told(LATER);

        assertThat(before.packed()).usingRecursiveComparison().isNotEqualTo(before);
        assertSame(before.packed(), before);
        assertThat(before.packed().unpacked()).usingRecursiveComparison().isEqualTo(before);
    }

    private static void assertSame(QueuedMessage one, QueuedMessage other) {
        assertThat(one.message()).isEqualTo(other.message());
        assertThat(one.key()).isEqualTo(other.key());
        assertThat(one.recipients()).isEqualTo(other.recipients());
        assertThat(one.attempts()).isEqualTo(other.attempts()).isEqualTo(3);
        assertThat(one.context()).isEqualTo(other.context());
        assertThat(one.credentialRefused()).isTrue();
        assertThat(one.reason()).contains("451 busy");
        assertThat(one.identity()).contains("alice");
        assertThat(one.askedSince()).contains(LATER);
        assertThat(one.toldUntil()).isEqualTo(LATER);
        assertThat(one.envelope()).isEqualTo(other.envelope());
        assertThat(one).hasToString(other.toString());
    }

    @Test
    void leavesThePartItCameFromAsItWas() {
        QueuedMessage before = queued(Map.of());
        before.packed();
        before.afterAttempt().because("451 busy").forRecipients(List.of(1));

        assertThat(before.attempts()).isEqualTo(2);
        assertThat(before.reason()).isEmpty();
        assertThat(before.recipients()).containsExactly(0, 1);
    }

    @Test
    void isParkedWhilePacked() {
        QueuedMessage parked = queued(Map.of("stored", "1", "password", "secret"))
                .packed()
                .parked("password")
                .packed();

        assertThat(parked.context()).containsExactly(Map.entry("password", "secret"));
        assertThat(parked.contextOnSpool()).isTrue();
        assertThat(parked.message()).isEqualTo(message.withoutContext());
    }

    @Test
    void hasToldItsSenderUpToItsAcceptance() {
        assertThat(queued(Map.of()).packed().toldUntil()).isEqualTo(Messages.RECEIVED);
        assertThat(queued(Map.of()).told(LATER).told(Messages.RECEIVED).toldUntil())
                .isEqualTo(Messages.RECEIVED);
    }

    @Test
    void isForSomebody() {
        QueuedMessage message = queued(Map.of());
        assertThatThrownBy(() -> message.forRecipients(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
