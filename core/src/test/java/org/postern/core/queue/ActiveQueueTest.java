// SPDX-License-Identifier: Apache-2.0
package org.postern.core.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Instant;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.postern.spi.mail.MessageId;

class ActiveQueueTest {

    private static QueuedMessage message(int number, String domain) {
        return Messages.queued(Messages.to("m" + number, "a@" + domain));
    }

    @Test
    void deliversEveryMessageOnce() throws Exception {
        List<QueuedMessage> delivered = new CopyOnWriteArrayList<>();
        CountDownLatch all = new CountDownLatch(1000);
        ActiveQueue queue = new ActiveQueue(
                () -> (message, following) -> {
                    delivered.add(message);
                    all.countDown();
                    return Optional.empty();
                },
                next -> Optional.empty(),
                key -> 8);

        IntStream.range(0, 1000).forEach(i -> queue.add(message(i, "d" + i % 7 + ".example")));

        assertThat(all.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(queue.awaitIdle(10, TimeUnit.SECONDS)).isTrue();
        assertThat(delivered).doesNotHaveDuplicates().hasSize(1000);
        assertThat(queue.sizes()).isEmpty();
    }

    @Test
    void doesNotLetOneDestinationHoldUpAnother() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch other = new CountDownLatch(1);
        ActiveQueue queue = new ActiveQueue(
                () -> (message, following) -> {
                    if (message.key().domain().name().equals("slow.example")) {
                        awaitQuietly(stuck);
                    } else {
                        other.countDown();
                    }
                    return Optional.empty();
                },
                next -> Optional.empty(),
                key -> 1);

        queue.add(message(1, "slow.example"));
        queue.add(message(2, "slow.example"));
        queue.add(message(3, "quick.example"));

        assertThat(other.await(10, TimeUnit.SECONDS)).isTrue();
        stuck.countDown();
        assertThat(queue.awaitIdle(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void startsNoMoreWorkersThanAllowed() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(200);
        ActiveQueue queue = new ActiveQueue(
                () -> (message, following) -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    Thread.yield();
                    now.decrementAndGet();
                    all.countDown();
                    return Optional.empty();
                },
                next -> Optional.empty(),
                key -> 3);

        IntStream.range(0, 200).forEach(i -> queue.add(message(i, "one.example")));

        assertThat(all.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(most.get()).isBetween(1, 3);
    }

    @Test
    void finishesWhatIsUnderWayAndStartsNothingMoreOnceStopped() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger delivered = new AtomicInteger();
        ActiveQueue queue = new ActiveQueue(
                () -> (message, following) -> {
                    started.countDown();
                    awaitQuietly(goOn);
                    delivered.incrementAndGet();
                    return Optional.empty();
                },
                next -> Optional.empty(),
                key -> 1);
        queue.add(message(1, "one.example"));
        queue.add(message(2, "one.example"));
        assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();

        queue.stop();
        assertThat(queue.awaitIdle(1, TimeUnit.MILLISECONDS)).isFalse();
        goOn.countDown();

        assertThat(queue.awaitIdle(10, TimeUnit.SECONDS)).isTrue();
        queue.add(message(3, "one.example"));
        assertThat(delivered).hasValue(1);
    }

    @Test
    void keepsALineAtRestInOrderUntilItsGateOpensAndOtherLinesGoOn() throws Exception {
        Instant opens = Instant.parse("2026-01-01T00:01:00Z");
        AtomicInteger allowed = new AtomicInteger(2);
        List<MessageId> delivered = new CopyOnWriteArrayList<>();
        CountDownLatch other = new CountDownLatch(1);
        ActiveQueue queue = new ActiveQueue(
                () -> (message, following) -> {
                    delivered.add(message.message().id());
                    if (message.key().domain().name().equals("open.example")) {
                        other.countDown();
                    }
                    return Optional.empty();
                },
                next -> next.key().domain().name().equals("open.example") || allowed.getAndDecrement() > 0
                        ? Optional.empty()
                        : Optional.of(opens),
                key -> 1);
        List<QueuedMessage> line =
                IntStream.range(0, 10).mapToObj(i -> message(i, "one.example")).toList();
        List<MessageId> names = line.stream().map(one -> one.message().id()).toList();
        line.forEach(queue::add);
        queue.add(message(99, "open.example"));

        assertThat(other.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(queue.awaitIdle(10, TimeUnit.SECONDS)).isTrue();
        assertThat(delivered).filteredOn(names::contains).isEqualTo(names.subList(0, 2));
        queue.resume(opens.minusMillis(1));
        assertThat(queue.awaitIdle(10, TimeUnit.SECONDS)).isTrue();
        assertThat(delivered).filteredOn(names::contains).hasSize(2);

        allowed.set(100);
        queue.resume(opens);
        assertThat(queue.awaitIdle(10, TimeUnit.SECONDS)).isTrue();
        assertThat(delivered).filteredOn(names::contains).isEqualTo(names);
    }

    @Test
    void handsOutALongLineInOrderWithNothingLeftOut() throws Exception {
        List<String> delivered = new CopyOnWriteArrayList<>();
        CountDownLatch go = new CountDownLatch(1);
        ActiveQueue queue = new ActiveQueue(
                () -> (message, following) -> {
                    awaitQuietly(go);
                    delivered.add(message.message().id() + " for "
                            + message.envelope().recipients());
                    return Optional.empty();
                },
                next -> Optional.empty(),
                key -> 1);
        List<QueuedMessage> line = IntStream.range(0, 1000)
                .mapToObj(i -> message(i, "one.example"))
                .toList();
        line.forEach(queue::add);

        assertThat(queue.ready().stream().filter(one -> one == one.packed()).count())
                .as("packed")
                .isGreaterThan(900);
        Set<QueuedMessage> wanted = Collections.newSetFromMap(new IdentityHashMap<>());
        wanted.addAll(queue.ready().stream()
                .filter(one -> one.message().id().value().equals("m500"))
                .toList());
        assertThat(queue.take(wanted)).hasSize(1);
        go.countDown();

        assertThat(queue.awaitIdle(10, TimeUnit.SECONDS)).isTrue();
        assertThat(delivered)
                .containsExactlyElementsOf(IntStream.range(0, 1000)
                        .filter(i -> i != 500)
                        .mapToObj(i -> "m" + i + " for [a@one.example]")
                        .toList());
    }

    @Test
    void takesWhatMayNotGoYetBackToTheHeadOfItsLine() throws Exception {
        Instant later = Instant.parse("2026-01-01T00:00:01Z");
        List<QueuedMessage> tried = new CopyOnWriteArrayList<>();
        ActiveQueue queue = new ActiveQueue(
                () -> (message, following) -> {
                    tried.add(message);
                    return tried.size() == 2 ? Optional.of(new ActiveQueue.Rest(message, later)) : Optional.empty();
                },
                next -> Optional.empty(),
                key -> 1);
        List<QueuedMessage> line =
                IntStream.range(0, 3).mapToObj(i -> message(i, "one.example")).toList();
        line.forEach(queue::add);

        assertThat(queue.awaitIdle(10, TimeUnit.SECONDS)).isTrue();
        assertThat(tried).isEqualTo(line.subList(0, 2));
        assertThat(queue.sizes().values()).containsExactly(2);

        queue.resume(later);
        assertThat(queue.awaitIdle(10, TimeUnit.SECONDS)).isTrue();
        assertThat(tried).containsExactly(line.get(0), line.get(1), line.get(1), line.get(2));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void tellsAWorkerWhatItIsHandedNext() throws Exception {
        List<QueuedMessage> delivered = new CopyOnWriteArrayList<>();
        List<Optional<QueuedMessage>> told = new CopyOnWriteArrayList<>();
        CountDownLatch filled = new CountDownLatch(1);
        ActiveQueue queue = new ActiveQueue(
                () -> (message, following) -> {
                    awaitQuietly(filled);
                    delivered.add(message);
                    told.add(following.next());
                    assertThat(following.next()).isEqualTo(told.getLast());
                    return Optional.empty();
                },
                next -> Optional.empty(),
                key -> 1);
        List<QueuedMessage> messages =
                IntStream.range(0, 20).mapToObj(i -> message(i, "one.example")).toList();
        messages.forEach(queue::add);
        filled.countDown();

        assertThat(queue.awaitIdle(10, TimeUnit.SECONDS)).isTrue();
        assertThat(delivered).hasSize(20);
        for (int i = 0; i < 19; i++) {
            assertThat(told.get(i)).containsSame(delivered.get(i + 1));
        }
        assertThat(told.getLast()).isEmpty();
        assertThat(queue.sizes()).isEmpty();
    }

    @Test
    void deliversWhatAWorkerWasToldOfAlthoughItWasStoppedMeanwhile() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        CountDownLatch filled = new CountDownLatch(1);
        AtomicInteger delivered = new AtomicInteger();
        ActiveQueue queue = new ActiveQueue(
                () -> (message, following) -> {
                    awaitQuietly(filled);
                    if (delivered.getAndIncrement() == 0) {
                        following.next();
                        told.countDown();
                        awaitQuietly(stopped);
                    }
                    return Optional.empty();
                },
                next -> Optional.empty(),
                key -> 1);
        IntStream.range(0, 4).forEach(i -> queue.add(message(i, "one.example")));
        filled.countDown();
        assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
        queue.stop();
        stopped.countDown();

        assertThat(queue.awaitIdle(10, TimeUnit.SECONDS)).isTrue();
        assertThat(delivered).hasValue(2);
    }

    /** Delivers what is accepted, and says so when it begins. */
    private static ActiveQueue cautious(List<QueuedMessage> begun, List<QueuedMessage> delivered) {
        return new ActiveQueue(
                () -> (message, hand) -> {
                    begun.add(message);
                    if (hand.isAccepted()) {
                        delivered.add(message);
                    }
                    return Optional.empty();
                },
                next -> Optional.empty(),
                key -> 1);
    }

    @Test
    void beginsWithAMessageThatIsNotAcceptedYetWhereNothingElseGoes() throws Exception {
        List<QueuedMessage> begun = new CopyOnWriteArrayList<>();
        List<QueuedMessage> delivered = new CopyOnWriteArrayList<>();
        ActiveQueue queue = cautious(begun, delivered);
        Pledge pledge = new Pledge();
        QueuedMessage early = message(1, "one.example");

        assertThat(queue.begin(early, pledge)).isTrue();
        await().until(() -> begun.contains(early));
        assertThat(delivered).isEmpty();
        assertThat(queue.underWay()).isEmpty();
        pledge.keep();

        assertThat(queue.awaitIdle(10, TimeUnit.SECONDS)).isTrue();
        assertThat(delivered).containsExactly(early);
        assertThat(queue.sizes()).isEmpty();
    }

    @Test
    void goesOnWithTheLineIfAMessageThatWasBegunIsNotAccepted() throws Exception {
        List<QueuedMessage> begun = new CopyOnWriteArrayList<>();
        List<QueuedMessage> delivered = new CopyOnWriteArrayList<>();
        ActiveQueue queue = cautious(begun, delivered);
        Pledge pledge = new Pledge();
        QueuedMessage early = message(1, "one.example");
        QueuedMessage other = message(2, "one.example");

        queue.begin(early, pledge);
        queue.add(other);
        pledge.breakOff();
        pledge.keep();

        assertThat(queue.awaitIdle(10, TimeUnit.SECONDS)).isTrue();
        assertThat(begun).containsExactly(early, other);
        assertThat(delivered).containsExactly(other);
        assertThat(queue.underWay()).isEmpty();
    }

    @Test
    void beginsNothingEarlyWhereOtherMailGoesOrNoneMayGo() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        ActiveQueue queue = new ActiveQueue(
                () -> (message, hand) -> {
                    awaitQuietly(over);
                    return Optional.empty();
                },
                next -> next.key().domain().name().equals("shut.example") ? Optional.of(Instant.MAX) : Optional.empty(),
                key -> 1);
        queue.add(message(1, "busy.example"));

        assertThat(queue.begin(message(2, "busy.example"), new Pledge())).isFalse();
        assertThat(queue.begin(message(3, "shut.example"), new Pledge())).isFalse();
        queue.add(message(4, "busy.too.example"));
        assertThat(queue.begin(message(5, "idle.example"), new Pledge()))
                .as("while the processors have enough to do")
                .isFalse();
        over.countDown();
        assertThat(queue.awaitIdle(10, TimeUnit.SECONDS)).isTrue();
        queue.stop();
        assertThat(queue.begin(message(6, "busy.example"), new Pledge())).isFalse();
        assertThat(queue.sizes()).isEmpty();
    }

    @Test
    void hasWhatAWorkerWasToldOfInItsLineIfTheWorkerFails() throws Exception {
        CountDownLatch filled = new CountDownLatch(1);
        ActiveQueue queue = new ActiveQueue(
                () -> (message, following) -> {
                    awaitQuietly(filled);
                    following.next();
                    throw new IllegalStateException("a worker that fails for a test");
                },
                next -> Optional.empty(),
                key -> 1);
        List<QueuedMessage> messages = List.of(message(1, "one.example"), message(2, "one.example"));
        messages.forEach(queue::add);
        filled.countDown();

        assertThat(queue.awaitIdle(10, TimeUnit.SECONDS)).isTrue();
        assertThat(queue.ready()).containsExactly(messages.getLast());
        assertThat(queue.underWay()).isEmpty();
    }
}
