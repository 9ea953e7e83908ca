// SPDX-License-Identifier: Apache-2.0
package org.postern.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postern.spi.spool.SpooledMessage;

class TurnQueueTest {

    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");
    private static final Instant LATER = NOON.plusSeconds(60);
    private static final Instant MUCH_LATER = NOON.plusSeconds(3_600);

    private final TurnQueue queue = new TurnQueue();

    private static QueuedMessage received(String id, int second, String... recipients) {
        SpooledMessage message = Messages.to(id, recipients.length == 0 ? new String[] {"a@one.example"} : recipients);
        return Messages.queued(new SpooledMessage(
                message.id(),
                message.envelope(),
                message.binding(),
                message.context(),
                Messages.RECEIVED.plusSeconds(second),
                message.size(),
                message.states()));
    }

    private void park(Object under, QueuedMessage... messages) {
        for (QueuedMessage message : messages) {
            queue.park(under, message, LATER, MUCH_LATER, "full");
        }
    }

    private List<QueuedMessage> call(Object under, long messages, long recipients) {
        List<QueuedMessage> called = queue.call(under, messages, recipients, size -> false);
        called.forEach(queue::arrived);
        return called;
    }

    private final QueuedMessage first = received("m1", 1);
    private final QueuedMessage second = received("m2", 2);
    private final QueuedMessage third = received("m3", 3);

    @Test
    void callsTheOldestFirstInWhateverOrderTheyCame() {
        park("a", third, first, second);
        assertThat(call("a", 2, 100)).containsExactly(first, second);
        assertThat(call("a", 2, 100)).containsExactly(third);
        assertThat(call("a", 2, 100)).isEmpty();
        assertThat(queue.lines()).isEmpty();
    }

    @Test
    void callsAllUnderOneTheOldestFirstAndExpectsNoneOfThem() {
        park("a", second, first);
        park("b", third);
        assertThat(queue.callAll("a")).containsExactly(first, second);
        assertThat(queue.callAll("a")).isEmpty();
        assertThat(queue.callAll("c")).isEmpty();
        assertThat(queue.lines()).containsExactly("b");
        park("b", first);
        assertThat(queue.isBehind("b", second)).as("nobody has been let pass").isTrue();
    }

    @Test
    void keepsTheLinesApart() {
        park("a", first);
        park("b", second);
        assertThat(call("b", 9, 9)).containsExactly(second);
        assertThat(queue.waiting("a")).isEqualTo(1);
    }

    @Test
    void letsNobodyPassWhoCameLater() {
        assertThat(queue.isBehind("a", second)).isFalse();
        park("a", second);
        assertThat(queue.isBehind("a", third)).isTrue();
        assertThat(queue.isBehind("a", first)).isFalse();
        assertThat(queue.isBehind("a", second)).isFalse();
        assertThat(queue.isBehind("b", third)).isFalse();
    }

    @Test
    void countsRecipientsAndLetsNoSmallMessagePassALargeOne() {
        QueuedMessage large = received("m0", 0, "a@one.example", "b@one.example", "c@one.example");
        park("a", large, first);
        assertThat(call("a", 5, 2)).isEmpty();
        assertThat(queue.call("a", 5, 2, size -> size == 3)).containsExactly(large);
        assertThat(call("a", 5, 2)).isEmpty();
        queue.arrived(large);
        assertThat(call("a", 5, 2)).containsExactly(first);
    }

    @Test
    void countsThoseWhoAreOnTheirWayAndLetsNobodyPassThem() {
        park("a", first, third);
        assertThat(queue.call("a", 1, 10, size -> false)).containsExactly(first);
        assertThat(queue.call("a", 1, 10, size -> false)).isEmpty();
        assertThat(queue.isBehind("a", first)).isFalse();
        assertThat(queue.isBehind("a", second)).isTrue();
        queue.arrived(first);
        assertThat(queue.isBehind("a", second)).isFalse();
        assertThat(queue.call("a", 1, 10, size -> false)).containsExactly(third);
    }

    @Test
    void callsWhatHasWaitedForTooLong() {
        queue.park("a", first, LATER, LATER, "full");
        queue.park("a", second, LATER, MUCH_LATER, "full");
        assertThat(queue.callOverdue(NOON)).isEmpty();
        assertThat(queue.callOverdue(LATER)).containsExactly(first);
        assertThat(queue.callOverdue(LATER)).isEmpty();
        assertThat(queue.callOverdue(MUCH_LATER)).containsExactly(second);
        assertThat(queue.lines()).isEmpty();
    }

    @Test
    void callsEverybodyWhenWhatIsSharedMayHaveChanged() {
        park("a", first);
        park("b", second);
        assertThat(queue.callAll()).containsExactlyInAnyOrder(first, second);
        assertThat(queue.lines()).isEmpty();
    }

    @Test
    void saysWhatWaitsAndWhy() {
        park("a", first, second);
        park("b", third);
        assertThat(queue.summaries())
                .containsExactly(java.util.Map.entry(
                        first.key(), new DelayedQueue.Summary(0, 3, 0, Optional.of(LATER), Optional.of("full"))));
    }

    private record Of(String owner, String what) implements TurnQueue.Owned {}

    @Test
    void saysWhatWaitsUnderWhatOneOwnerHas() {
        Of mail = new Of("alice", "mail");
        Of calls = new Of("alice", "calls");
        park(mail, first);
        park(calls, second);
        park(new Of("bob", "mail"), received("m9", 9));

        assertThat(queue.lines("alice")).containsExactlyInAnyOrder(mail, calls);
        assertThat(queue.lines("carol")).isEmpty();

        call(mail, 1, 100);
        assertThat(queue.lines("alice")).containsExactly(calls);
        queue.callAll(calls);
        assertThat(queue.lines("alice")).isEmpty();
        assertThat(queue.lines()).containsExactly(new Of("bob", "mail"));
    }
}
