// SPDX-License-Identifier: Apache-2.0
package org.postern.core.operate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postern.core.TestClock;
import org.postern.core.cluster.Answering;
import org.postern.core.cluster.Asking;
import org.postern.core.cluster.Cluster;
import org.postern.core.cluster.FakeRegisters;
import org.postern.core.cluster.Relays;
import org.postern.core.cluster.VerbResult;

/** What an operator sees of a verb that is run on all nodes. */
@Timeout(60)
class AllNodesTest {

    private final TestClock clock = new TestClock();
    private final FakeRegisters registers = new FakeRegisters(clock);
    private final List<Node> nodes = new ArrayList<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** Has things, and tells which of those that are asked for it has. */
    private final class Node implements NodeVerb {

        final Asking asking;
        final Cluster cluster;
        final Set<String> things;
        String says = "";
        String complains = "";
        int code;
        boolean hears = true;
        int ran;

        Node(String name, String... things) {
            this.things = Set.of(things);
            cluster = new Cluster(Optional.of(registers.as(name)), clock);
            Relays relays = new Relays(cluster);
            Answering answering = new Answering(cluster, relays, Runnable::run, time -> aWhilePasses());
            asking = new Asking(cluster, relays, answering, clock);
            answering.by((words, print, complaints) -> {
                assertThat(words.getFirst()).isEqualTo("things");
                return runHere(words.subList(1, words.size()), print, complaints);
            });
            nodes.add(this);
            cluster.look();
        }

        @Override
        public String verb() {
            return "things";
        }

        @Override
        public VerbResult runHere(List<String> arguments, PrintStream print, PrintStream complaints) {
            ran++;
            List<String> missing = new ArrayList<>(arguments);
            missing.removeAll(things);
            missing.remove(AllNodes.OPTION);
            arguments.stream()
                    .filter(things::contains)
                    .forEach(thing -> print.println("{\"thing\": \"" + thing + "\"}"));
            print.print(says);
            complaints.print(complains);
            return new VerbResult(code, Set.copyOf(missing));
        }
    }

    private void aWhilePasses() {
        clock.pass(Duration.ofMillis(250));
        nodes.stream().filter(node -> node.hears).forEach(node -> node.cluster.look());
    }

    private final Node here = new Node("here", "a", "b");
    private final Node there = new Node("there", "c");

    @BeforeEach
    void everybodyIsHeard() {
        aWhilePasses();
    }

    private int run(boolean json, String... arguments) throws InterruptedException {
        PrintStream print = new PrintStream(out, true, UTF_8);
        PrintStream complaints = new PrintStream(err, true, UTF_8);
        return new AllNodes(here, json, time -> aWhilePasses(), print, complaints)
                .run(here.asking, List.of(arguments), List.of(arguments));
    }

    private String printed() {
        return out.toString(UTF_8).replaceAll("\u001b\\[[0-9]*m", "");
    }

    private String complained() {
        return err.toString(UTF_8).replaceAll("\r[^\r\n]*?\u001b\\[K", "");
    }

    @Test
    void eachNodeIsToldOfUnderItsNameThisOneFirst() throws Exception {
        assertThat(run(false, "a", "c")).isZero();
        assertThat(printed()).isEqualTo("here\n{\"thing\": \"a\"}\n\nthere\n{\"thing\": \"c\"}\n");
        assertThat(complained()).isEmpty();
        assertThat(err.toString(UTF_8)).contains("waiting for there");
    }

    @Test
    void programsGetTheNameInEachObject() throws Exception {
        assertThat(run(true, "a", "c")).isZero();
        assertThat(printed())
                .isEqualTo("{\"node\": \"here\",\"thing\": \"a\"}\n{\"node\": \"there\",\"thing\": \"c\"}\n");
    }

    @Test
    void whatNoNodeKnowsIsSaidOnceAndHasFailed() throws Exception {
        assertThat(run(false, "a", "c", "x")).isEqualTo(1);
        assertThat(complained()).isEqualTo("things: no node that answered knows of \"x\"\n");
    }

    @Test
    void theWorstExitCodeCounts() throws Exception {
        there.code = 2;
        assertThat(run(false)).isEqualTo(2);
        here.code = 3;
        assertThat(run(false)).isEqualTo(3);
    }

    @Test
    void errorsOfAnotherNodeAreUnderItsNameWithoutItsProgress() throws Exception {
        there.complains = "\rhold: 1 of 2\u001b[K\rhold: 2 of 2\u001b[K\r\u001b[Kthings: it is full\nand over\n";
        here.complains = "things: here too\n";
        assertThat(run(false)).isZero();
        assertThat(complained()).isEqualTo("things: here too\nthere: things: it is full\nthere: and over\n");
    }

    @Test
    void whoGivesNoSignOfLifeIsNamedAndTheOthersAreToldOfAllTheSame() throws Exception {
        Node third = new Node("third", "d");
        aWhilePasses();
        there.hears = false;
        assertThat(run(false, "a", "d")).isEqualTo(1);
        assertThat(printed()).isEqualTo("here\n{\"thing\": \"a\"}\n\nthird\n{\"thing\": \"d\"}\n");
        assertThat(complained())
                .isEqualTo(
                        "things: there gave no sign of life for 10 seconds and had not begun; is it stopping, or of an"
                                + " older version?\n");
        assertThat(third.hears).isTrue();
    }

    @Test
    void whatIsTooMuchIsCutAndSaidToBe() throws Exception {
        StringBuilder much = new StringBuilder();
        java.util.Random random = new java.util.Random(1);
        random.longs(300_000).forEach(number -> much.append(Long.toHexString(number)));
        there.says = much.toString();
        assertThat(run(false)).isEqualTo(1);
        assertThat(complained()).contains("there has more to say than a node tells others");
    }

    @Test
    void whoIsInterruptedTakesTheQuestionBack() throws Exception {
        there.hears = false;
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> run(false, "a"));
        there.hears = true;
        aWhilePasses();
        assertThat(there.ran).isZero();
        assertThat(printed()).isEqualTo("here\n{\"thing\": \"a\"}\n");
    }

    @Test
    void whereTheOthersCannotBeAskedTheOwnAnswerIsPrintedAllTheSame() throws Exception {
        registers.away(true);
        assertThat(run(false, "a")).isEqualTo(1);
        assertThat(printed()).isEqualTo("here\n{\"thing\": \"a\"}\n");
        assertThat(complained()).contains("the other nodes could not be asked", "does not answer");
    }

    @Test
    void aNodeThatIsAloneInItsGroupSaysSo() throws Exception {
        // Long enough for others to be gone.
        clock.pass(Duration.ofMinutes(1));
        assertThat(run(false, "a")).isZero();
        assertThat(complained()).isEqualTo("things: no other node lives that shares this queue and its key\n");
    }

    @Test
    void aRelayThatSharesNothingSaysWhatThatTakes() throws Exception {
        Cluster alone = Cluster.alone();
        Relays relays = new Relays(alone);
        Asking asking = new Asking(alone, relays, new Answering(alone, relays), clock);
        PrintStream print = new PrintStream(out, true, UTF_8);
        int code = new AllNodes(here, false, time -> aWhilePasses(), print, new PrintStream(err, true, UTF_8))
                .run(asking, List.of("a"), List.of("a"));
        assertThat(code).isEqualTo(3);
        assertThat(printed()).isEmpty();
        assertThat(complained()).contains("shares none", "Spool_PostgreSQL", "Cluster_Key_File");
    }

    @Test
    void aLineThatIsTooLongDoesNothingAnywhere() throws Exception {
        String[] words =
                new java.util.Random(1).longs(2_000).mapToObj(Long::toHexString).toArray(String[]::new);
        assertThat(run(false, words)).isEqualTo(2);
        assertThat(printed()).isEmpty();
        assertThat(complained()).contains("too long");
    }
}
