// SPDX-License-Identifier: Apache-2.0
package org.postern.core.operate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.core.cluster.Answering;
import org.postern.core.cluster.Asking;
import org.postern.core.cluster.Cluster;
import org.postern.core.cluster.OtherNodes;
import org.postern.core.cluster.Relays;
import org.postern.core.cluster.Round;
import org.postern.core.cluster.VerbResult;
import org.postern.engine.MailQueue;
import org.postern.engine.QueueAction;
import org.postern.engine.QueueFilter;
import org.postern.engine.dto.QueueChange;
import org.postern.engine.dto.QueueEntry;
import org.postern.engine.dto.QueueEntry.State;
import org.postern.spi.mail.MessageId;

class QueueCommandTest {

    /** Answers with two entries, and notes what it is asked for. */
    private static final class TwoEntries implements MailQueue {

        private final List<QueueEntry> entries = new ArrayList<>(List.of(
                entry(
                        "m2",
                        State.DELAYED,
                        Instant.now().minus(Duration.ofHours(3)),
                        Optional.of("451 \u001b[31mlater")),
                entry("m1", State.ON_HOLD, Instant.now().minus(Duration.ofDays(3)), Optional.empty())));
        private final List<String> applied = new ArrayList<>();
        private QueueFilter filter = QueueFilter.ALL;
        private QueueChange answer = new QueueChange(2, 0, 0);
        private boolean unreadable;

        private static QueueEntry entry(String id, State state, Instant received, Optional<String> reason) {
            return new QueueEntry(
                    id,
                    state,
                    "default",
                    "a.example",
                    Optional.of("alice"),
                    "s@example.org",
                    List.of("x@a.example", "y@a.example"),
                    1_234,
                    received,
                    4,
                    Optional.of(Instant.now().plusSeconds(600)),
                    reason);
        }

        /** One of a message that waits in the spool alone. */
        private static QueueEntry inSpool(String id, String domain) {
            return new QueueEntry(
                    id,
                    State.READY,
                    "default",
                    domain,
                    Optional.empty(),
                    "s@example.org",
                    List.of("x@" + domain),
                    1_000,
                    Instant.now().minus(Duration.ofDays(2)),
                    0,
                    Optional.empty(),
                    Optional.empty(),
                    false);
        }

        @Override
        public void visit(QueueFilter wanted, Consumer<QueueEntry> visitor) throws IOException {
            filter = wanted;
            entries.stream()
                    .filter(entry -> wanted.ids().isEmpty() || wanted.ids().contains(new MessageId(entry.id())))
                    .forEach(visitor);
            if (unreadable) {
                throw new IOException("the spool is away");
            }
        }

        @Override
        public QueueChange apply(QueueAction action, QueueFilter wanted, LongConsumer progress) {
            applied.add(action + " " + wanted.ids());
            filter = wanted;
            progress.accept(2);
            return answer;
        }

        @Override
        public Optional<byte[]> header(MessageId id) {
            return Optional.of("Subject: \u001b[31mred\r\n".getBytes(UTF_8));
        }
    }

    private final TwoEntries mail = new TwoEntries();
    private final QueueCommand command = new QueueCommand();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void bind() {
        command.bindQueue(mail);
    }

    private int run(String input, String... words) {
        return command.run(
                List.of(words),
                new ByteArrayInputStream(input.getBytes(UTF_8)),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8));
    }

    private String out() {
        return out.toString(UTF_8);
    }

    private String err() {
        return err.toString(UTF_8);
    }

    @Test
    void listsTheOldestFirstAndSumsUp() {
        assertThat(run("", "list")).isZero();
        assertThat(out().replaceAll("\u001b\\[[0-9]*m", ""))
                .containsSubsequence(
                        "m1",
                        "3d",
                        "on-hold",
                        "<s@example.org>, <x@a.example> and 1 more",
                        "a.example by default as alice",
                        "m2",
                        "3h",
                        "delayed",
                        "next try in 9m: 451 ?[31mlater",
                        "2 entries of 2 messages for 1 destination, 2.5kB");
    }

    @Test
    void showsAsManyAsAreWanted() {
        run("", "list", "--limit", "1");
        assertThat(out()).contains("m1", "2 entries", "the oldest 1 are shown").doesNotContain("m2");
    }

    @Test
    void countsAMessageOfTheSpoolOnceThoughItHasSeveralEntries() {
        mail.entries.addAll(List.of(
                TwoEntries.inSpool("m3", "a.example"),
                TwoEntries.inSpool("m3", "b.example"),
                TwoEntries.inSpool("m4", "b.example")));
        run("", "list");
        assertThat(out())
                .containsSubsequence("m1", "m3", "m3", "m4", "m2")
                .contains("5 entries of 4 messages for 2 destinations, 4.5kB");
        run("", "list", "--summary");
        assertThat(out())
                .containsSubsequence(
                        "        3  a.example by default", "ready 1, delayed 1, on-hold 1, oldest 3d",
                        "        2  b.example by default", "ready 2, oldest 2d");
    }

    @Test
    void showsTenThousandUnlessMoreAreWanted() {
        for (int i = 0; i < 10_000; i++) {
            mail.entries.add(TwoEntries.inSpool("s" + i, "b.example"));
        }
        run("", "list");
        assertThat(out()).contains("10,002 entries of 10,002 messages", "the oldest 10,000 are shown");
        out.reset();
        run("", "list", "--limit=20000");
        assertThat(out()).contains("10,002 entries").doesNotContain("are shown");
    }

    @Test
    void showsWhatIsInMemoryThoughTheSpoolCannotBeRead() {
        mail.unreadable = true;
        for (String[] words :
                List.of(new String[] {"list"}, new String[] {"list", "--summary"}, new String[] {"list", "--json"})) {
            out.reset();
            assertThat(run("", words)).isEqualTo(1);
            assertThat(out()).contains("a.example");
        }
        assertThat(err()).contains("queue: the spool is away");
        assertThat(run("", "hold", "--all")).isEqualTo(1);
        assertThat(mail.applied).isEmpty();
    }

    @Test
    void leavesOutWhatIsNotInMemoryWhereThatIsWanted() {
        assertThat(run("", "list", "--in-memory")).isZero();
        assertThat(mail.filter).isEqualTo(QueueFilter.ALL.onlyInMemory());
        assertThat(run("", "hold", "--all", "--in-memory")).isZero();
        assertThat(mail.filter).isEqualTo(QueueFilter.ALL.onlyInMemory());
        assertThat(run("", "hold", "--in-memory")).isEqualTo(2);
    }

    @Test
    void sumsUpByDestination() {
        run("", "list", "--summary");
        assertThat(out()).contains("        2  a.example by default", "delayed 1, on-hold 1, oldest 3d");
    }

    @Test
    void printsOneObjectPerLineForPrograms() {
        run("", "list", "--json");
        assertThat(out().lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).startsWith("{\"id\": \"m").endsWith("}"))
                .first()
                .asString()
                .contains("\"state\": \"delayed\"", "\"reason\": \"451 \\u001b[31mlater\"", "\"inMemory\": true");
        out.reset();
        run("", "list", "--json", "--limit=1");
        assertThat(out().lines()).singleElement().asString().contains("\"id\": \"m1\"");
    }

    @Test
    void showsAMessageWithItsHeader() {
        assertThat(run("", "show", "m2")).isZero();
        assertThat(out()).contains("m2", "1.2kB", "from <s@example.org>", "to <y@a.example>", "Subject: ?[31mred");
        assertThat(run("", "show", "m9")).isEqualTo(1);
        assertThat(err()).contains("no message m9 waits here");
    }

    @Test
    void readsEveryFilter() {
        run(
                "",
                "list",
                "--domain=a.*",
                "--binding",
                "gold",
                "--identity=",
                "--sender=<>",
                "--recipient=*@a.example",
                "--reason",
                "later",
                "--state=on-hold",
                "--older=90m",
                "--younger=1w");
        assertThat(mail.filter)
                .isEqualTo(new QueueFilter(
                        Set.of(),
                        Optional.of("a.*"),
                        Optional.of("gold"),
                        Optional.of(""),
                        Optional.of(""),
                        Optional.of("*@a.example"),
                        Optional.of("later"),
                        Optional.of(State.ON_HOLD),
                        Optional.of(Duration.ofMinutes(90)),
                        Optional.of(Duration.ofDays(7))));
    }

    @Test
    void asksBeforeItRemoves() {
        assertThat(run("", "remove", "--all")).isEqualTo(1);
        assertThat(run("n\n", "remove", "--all")).isEqualTo(1);
        assertThat(mail.applied).isEmpty();
        assertThat(err())
                .contains("Remove 2 entries of 2 messages for 1 destination, 2.5kB? No sender will be told. [y/N]")
                .contains("--yes removes without asking");
        assertThat(run("y\n", "remove", "--all")).isZero();
        assertThat(run("", "remove", "--all", "--yes")).isZero();
        assertThat(mail.applied).hasSize(2);
    }

    @Test
    void changesWhatIsMeantAndSaysWhatCameOfIt() {
        mail.answer = new QueueChange(1, 1, 0);
        assertThat(run("", "hold", "m1", "m2")).isZero();
        assertThat(out()).contains("1 put on hold; 1 left alone");
        mail.answer = new QueueChange(1, 0, 1);
        assertThat(run("", "retry", "--domain", "a.example", "--json")).isEqualTo(1);
        assertThat(out()).contains("{\"changed\": 1,\"leftAlone\": 0,\"failed\": 1}");
        assertThat(err()).contains("1 could not be recorded");
    }

    @Test
    void changesNothingInADryRun() {
        assertThat(run("", "release", "--all", "--dry-run")).isZero();
        assertThat(out()).contains("release would concern 2 entries");
        assertThat(mail.applied).isEmpty();
    }

    @Test
    void saysWhereNothingIsMeant() {
        assertThat(run("", "hold", "m9")).isEqualTo(1);
        mail.entries.clear();
        assertThat(run("", "hold", "--all")).isZero();
        assertThat(err()).contains("nothing waits that is meant by this");
        assertThat(run("", "list")).isZero();
        assertThat(out()).isEqualTo("nothing waits\n");
    }

    @Test
    void saysWhereThereIsNoEngine() {
        command.unbindQueue(mail);
        assertThat(run("", "list")).isEqualTo(1);
        assertThat(err()).contains("no engine");
    }

    @Test
    void wantsARemovalOnAllNodesAgreedToBeforehand() {
        assertThat(run("y\n", "remove", "--all", "--all-nodes")).isEqualTo(2);
        assertThat(err()).contains("needs --yes: the other nodes ask nobody");
        assertThat(mail.applied).isEmpty();
    }

    @Test
    void doesForAnOperatorOfAnotherNodeWhatItIsAskedAndReadsNothing() throws Exception {
        PrintStream print = new PrintStream(out, true, UTF_8);
        PrintStream complaints = new PrintStream(err, true, UTF_8);
        assertThat(command.runHere(List.of("remove", "--all", "--yes", "--all-nodes"), print, complaints))
                .isEqualTo(VerbResult.of(0));
        assertThat(mail.applied).hasSize(1);
        assertThat(command.runHere(List.of("show", "m1", "m9", "--all-nodes", "--in-memory"), print, complaints))
                .isEqualTo(new VerbResult(0, Set.of("m9")));
        assertThat(mail.filter.inMemory()).isTrue();
        assertThat(command.runHere(List.of("hold", "m8", "m9"), print, complaints))
                .isEqualTo(new VerbResult(0, Set.of("m8", "m9")));
        assertThat(err()).doesNotContain("m9", "meant by this");
        assertThat(command.runHere(List.of("list", "--of-a-later-version"), print, complaints))
                .isEqualTo(VerbResult.of(2));
    }

    /** A node whose questions nobody takes. */
    private static final class Asks implements OtherNodes {

        private final List<List<String>> asked = new ArrayList<>();

        @Override
        public Optional<String> own() {
            return Optional.of("here");
        }

        @Override
        public Optional<Round> ask(List<String> words) {
            asked.add(words);
            return Optional.empty();
        }

        @Override
        public void answerBy(Answering.Verbs verbs) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void asksOtherNodesForWhatTheyHaveInMemoryAlone() {
        Asks others = new Asks();
        command.bindOthers(others);
        assertThat(run("", "show", "m1", "--all-nodes")).isEqualTo(1);
        assertThat(others.asked).containsExactly(List.of("queue", "show", "m1", "--all-nodes", "--in-memory"));
        assertThat(mail.filter.inMemory()).isFalse();
        assertThat(out()).contains("here", "from <s@example.org>");
    }

    @Test
    void saysWhereTheQueueIsNotShared() {
        Cluster alone = Cluster.alone();
        Relays relays = new Relays(alone);
        command.bindOthers(new Asking(alone, relays, new Answering(alone, relays), Clock.systemUTC()));
        assertThat(run("", "list", "--all-nodes")).isEqualTo(3);
        assertThat(out()).isEmpty();
        assertThat(err()).contains("shares none");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "purge",
                "show",
                "remove",
                "hold --yes",
                "list --limit many",
                "list --older 3",
                "list --older",
                "list --state asleep",
                "list --bogus",
                "list --json=1",
                "list --yes",
                "show m1 --summary",
                "show m1 --in-memory",
                "remove --all m1",
                "remove --all --all-nodes",
                "list --all-nodes=1",
                "show m1\u0007"
            })
    void refusesWhatItDoesNotUnderstand(String line) {
        assertThat(run("", line.isEmpty() ? new String[0] : line.split(" "))).isEqualTo(2);
        assertThat(err()).contains("Try: queue --help");
        assertThat(mail.applied).isEmpty();
    }

    @Test
    void explainsItself() {
        assertThat(run("", "--help")).isZero();
        assertThat(out()).contains("usage: queue", "--identity USER", "Exit codes");
    }
}
