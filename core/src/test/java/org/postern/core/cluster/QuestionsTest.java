// SPDX-License-Identifier: Apache-2.0
package org.postern.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postern.core.TestClock;
import org.postern.spi.cluster.Register;
import org.postern.spi.cluster.SharedRegisters;

/** What one node asks, and what others answer. */
@Timeout(60)
class QuestionsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final List<String> LINE = List.of("queue", "list", "--domain", "x.example");

    private final TestClock clock = new TestClock();
    private final FakeRegisters registers = new FakeRegisters(clock);
    private final List<Node> nodes = new ArrayList<>();

    /** One that notes what it ran, and answers with its name. */
    private final class Node {

        final String name;
        final Cluster cluster;
        final Relays relays;
        final Answering answering;
        final Asking asking;
        final List<List<String>> ran = Collections.synchronizedList(new ArrayList<>());
        final Deque<Runnable> waiting = new ArrayDeque<>();
        boolean runsAtOnce = true;

        Node(String name) {
            this.name = name;
            cluster = new Cluster(Optional.of(registers.as(name)), clock);
            relays = new Relays(cluster);
            answering = new Answering(cluster, relays, this::execute, time -> {
                registers.away(false);
                aSecondPasses();
            });
            asking = new Asking(cluster, relays, answering, clock);
            answering.by((words, out, err) -> {
                ran.add(words);
                out.print("out of " + name);
                err.print("err of " + name);
                return new VerbResult(0, Set.of("missing at " + name));
            });
            nodes.add(this);
            cluster.look();
        }

        private void execute(Runnable work) {
            if (runsAtOnce) {
                work.run();
            } else {
                waiting.add(work);
            }
        }
    }

    private final Node asker = new Node("asker");
    private final Node other = new Node("other");

    private void aSecondPasses() {
        clock.pass(SECOND);
        nodes.forEach(node -> node.cluster.look());
    }

    private Round ask() {
        // Who lives is heard within a second.
        aSecondPasses();
        return asker.asking.ask(LINE).orElseThrow();
    }

    private static String said(Round.Reply reply) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Round.Summary summary = ((Round.Answered) reply).print(out, err);
        return reply.node() + ": " + out.toString(StandardCharsets.UTF_8) + ", " + err.toString(StandardCharsets.UTF_8)
                + ", " + summary.result().code() + ", " + summary.result().missing();
    }

    @Test
    void everyOtherNodeThatLivesAnswers() throws Exception {
        Node third = new Node("third");
        try (Round round = ask()) {
            assertThat(round.open()).containsExactly("other", "third");
            assertThat(round.look()).isEmpty();
            other.cluster.look();
            assertThat(said(round.look().getFirst()))
                    .isEqualTo("other: out of other, err of other, 0, [missing at other]");
            assertThat(round.open()).containsExactly("third");
            third.cluster.look();
            assertThat(round.look()).hasSize(1);
            assertThat(round.open()).isEmpty();
        }
        aSecondPasses();
        assertThat(asker.ran).isEmpty();
        assertThat(other.ran).containsExactly(LINE);
        assertThat(third.ran).containsExactly(LINE);
    }

    @Test
    void aQuestionThatIsToldTwiceIsAnsweredOnce() throws Exception {
        try (Round round = ask()) {
            Register question = registers
                    .changes(Set.of(Question.TOPIC), SharedRegisters.BEGINNING)
                    .registers()
                    .getFirst();
            other.answering.heard(question);
            other.answering.heard(question);
            other.cluster.look();
            assertThat(round.look()).hasSize(1);
            assertThat(other.ran).hasSize(1);
        }
    }

    @Test
    void anAnswerOfManyPartsComesWhole() throws Exception {
        byte[] random = new byte[100_000];
        new Random(1).nextBytes(random);
        other.answering.by((words, out, err) -> {
            out.write(random, 0, random.length);
            return VerbResult.of(0);
        });
        try (Round round = ask()) {
            other.cluster.look();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ((Round.Answered) round.look().getFirst()).print(out, out);
            assertThat(out.toByteArray()).isEqualTo(random);
        }
    }

    @Test
    void whoStartsLaterIsNotAsked() {
        try (Round round = ask()) {
            Node late = new Node("late");
            aSecondPasses();
            assertThat(late.ran).isEmpty();
            assertThat(round.open()).doesNotContain("late");
        }
    }

    @Test
    void whoHearsOfAQuestionTooLateDoesNothing() {
        try (Round round = ask()) {
            clock.pass(Answering.FRESH.plusMillis(1));
            other.cluster.look();
            assertThat(round.look()).isEmpty();
            assertThat(other.ran).isEmpty();
        }
    }

    @Test
    void whoGivesNoSignOfLifeIsNamedAndNeverBegins() {
        try (Round round = ask()) {
            assertThat(round.look()).isEmpty();
            clock.pass(Round.PATIENCE.minusMillis(1));
            assertThat(round.look()).isEmpty();
            clock.pass(Duration.ofMillis(1));
            assertThat(round.look()).containsExactly(new Round.Silent("other", Round.Begun.NO));
        }
        other.cluster.look();
        assertThat(other.ran).isEmpty();
    }

    @Test
    void patienceBeginsWithTheFirstLook() {
        try (Round round = ask()) {
            clock.pass(Duration.ofHours(1));
            assertThat(round.look()).isEmpty();
        }
    }

    @Test
    void aNodeThatWorksForLongIsWaitedFor() throws Exception {
        AtomicReference<Round> asked = new AtomicReference<>();
        other.answering.by((words, out, err) -> {
            for (int i = 0; i < 100; i++) {
                aSecondPasses();
                assertThat(asked.get().look()).isEmpty();
            }
            return VerbResult.of(3);
        });
        try (Round round = ask()) {
            asked.set(round);
            other.cluster.look();
            assertThat(said(round.look().getFirst())).isEqualTo("other: , , 3, []");
        }
    }

    @Test
    void aNodeThatStopsAtItsWorkIsNamed() throws Exception {
        AtomicReference<Round> asked = new AtomicReference<>();
        AtomicReference<List<Round.Reply>> replies = new AtomicReference<>();
        other.answering.by((words, out, err) -> {
            asked.get().look();
            clock.pass(Round.PATIENCE);
            replies.set(asked.get().look());
            return VerbResult.of(0);
        });
        try (Round round = ask()) {
            asked.set(round);
            other.cluster.look();
            assertThat(replies.get()).containsExactly(new Round.Silent("other", Round.Begun.YES));
        }
    }

    @Test
    void whoWorksIsInterruptedWhenNobodyWaitsAnyMore() throws Exception {
        other.runsAtOnce = false;
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        other.answering.by((words, out, err) -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException told) {
                interrupted.countDown();
                throw told;
            }
            return VerbResult.of(0);
        });
        Round round = ask();
        other.cluster.look();
        Thread work = Thread.ofPlatform().start(other.waiting.remove());
        begun.await();
        // The question has ended by itself long since.
        clock.pass(Round.LIFE.multipliedBy(2));
        round.close();
        other.cluster.look();
        interrupted.await();
        work.join();
    }

    @Test
    void aVerbThatFailsIsAnAnswer() throws Exception {
        other.answering.by((words, out, err) -> {
            throw new IllegalStateException("a bug");
        });
        try (Round round = ask()) {
            other.cluster.look();
            assertThat(said(round.look().getFirst()))
                    .isEqualTo("other: , postern: verb queue failed; the log of the relay says how\n, 1, []");
        }
    }

    @Test
    void nobodyIsAskedWhereTheStorageGivesNoAnswer() {
        aSecondPasses();
        registers.away(true);
        assertThat(asker.asking.ask(LINE)).isEmpty();
    }

    @Test
    void nothingIsClaimedOfANodeWhereTheStorageGivesNoAnswer() {
        try (Round round = ask()) {
            round.look();
            registers.away(true);
            clock.pass(Round.PATIENCE);
            assertThat(round.look()).containsExactly(new Round.Silent("other", Round.Begun.UNKNOWN));
        }
    }

    @Test
    void whatCouldNotBeToldIsToldWhenTheStorageIsBack() throws Exception {
        other.answering.by((words, out, err) -> {
            registers.away(true);
            out.print("done");
            return VerbResult.of(0);
        });
        try (Round round = ask()) {
            other.cluster.look();
            assertThat(said(round.look().getFirst())).isEqualTo("other: done, , 0, []");
        }
    }

    @Test
    void aLineThatIsTooLongIsRefusedBeforeAnybodyIsAsked() {
        Random random = new Random(1);
        List<String> ids = random.longs(2_000).mapToObj(Long::toHexString).toList();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> asker.asking.ask(ids))
                .withMessageContaining("too long");
    }

    @Test
    void aRelayOfAnOlderVersionIsAskedAndNamedByItsLife() throws Exception {
        registers.put("relay", "0123456789abcdef", new byte[0], SharedRegisters.ABSENT, Duration.ofSeconds(20));
        try (Round round = ask()) {
            assertThat(round.open()).containsExactly("0123456789abcdef", "other");
        }
    }

    @Test
    void aNodeRunsEightForOthersAtOnceAndRefusesMore() throws Exception {
        other.runsAtOnce = false;
        aSecondPasses();
        List<Round> rounds = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            rounds.add(asker.asking.ask(LINE).orElseThrow());
        }
        other.cluster.look();
        assertThat(other.waiting).hasSize(9);
        other.waiting.forEach(Runnable::run);
        List<String> said = new ArrayList<>();
        for (Round round : rounds) {
            said.add(said(round.look().getFirst()));
            round.close();
        }
        assertThat(said)
                .filteredOn(text -> text.contains("8 verbs are being run"))
                .hasSize(1);
        assertThat(other.ran).hasSize(8);
    }

    @Test
    void whoSharesNothingHasNoName() {
        Cluster alone = Cluster.alone();
        Relays relays = new Relays(alone);
        assertThat(new Asking(alone, relays, new Answering(alone, relays), clock).own())
                .isEmpty();
    }
}
