// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.postern.spool.postgresql.Node.later;
import static org.postern.spool.postgresql.Node.settled;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.Draft;
import org.postern.spi.spool.Receipt;
import org.postern.spi.spool.RecipientState;

/** What becomes of mail where several nodes share it, some of them end, and the database does too. */
@Timeout(180)
class SharedSpoolTest {

    @RegisterExtension
    static final Databases DATABASES = new Databases();

    private final List<Node> nodes = new ArrayList<>();
    private String database;

    @BeforeEach
    void create() throws Exception {
        database = DATABASES.make();
    }

    @AfterEach
    void close() {
        nodes.forEach(Node::close);
    }

    private Node node(int maxHeld) throws Exception {
        Node node = new Node(DATABASES, database, maxHeld);
        nodes.add(node);
        return node;
    }

    private Node node() throws Exception {
        return node(1000);
    }

    /** By the database's clock the lease has run out; nobody has looked yet. */
    private void expire(Node node) throws Exception {
        DATABASES.execute(
                database,
                "UPDATE postern_node SET expires = clock_timestamp() - interval '1 s' WHERE id = " + node.lease.id());
    }

    private void takeOverFrom(Node silent, Node other) throws Exception {
        expire(silent);
        assertThat(other.liveOn()).isEqualTo(1);
        other.spool.tick();
    }

    @Test
    void takesOverWhatANodeHeldThatGivesNoSignOfLife() throws Exception {
        Node one = node();
        Node other = node();
        Receipt first = one.accept("first");
        Receipt second = one.accept("second");
        assertThat(first.held()).isTrue();
        other.spool.tick();
        assertThat(other.handed).as("while its holder lives").isEmpty();
        takeOverFrom(one, other);
        assertThat(other.handed).containsExactly(first.message(), second.message());
        assertThat(other.contentOf(first.message().id())).isEqualTo("first");
        other.spool.tick();
        assertThat(other.handed).as("each is handed over once").hasSize(2);
    }

    @Test
    void takesOverWithWhatWasNotedBefore() throws Exception {
        Node one = node();
        Node other = node();
        MessageId id = one.accept("x", 3).message().id();
        Instant due = Node.RECEIVED.plusSeconds(60);
        one.spool.record(id, List.of(settled(0), later(2, due)));
        takeOverFrom(one, other);
        assertThat(other.handed.getFirst().states())
                .containsExactly(
                        settled(0).state(),
                        RecipientState.fresh(Node.RECEIVED),
                        later(2, due).state());
    }

    @Test
    @DisplayName("C6-17: a node that was frozen begins no delivery of what others have taken over")
    void refusesANodeThatOthersCalledGone() throws Exception {
        Node one = node();
        Node other = node();
        MessageId id = one.accept("x", 2).message().id();
        takeOverFrom(one, other);
        assertThatExceptionOfType(FileNotFoundException.class).isThrownBy(() -> one.spool.openContent(id));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> one.accept("more"));
        one.lease.renew();
        assertThat(one.lease.isLost()).isTrue();
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> one.spool.draft());
    }

    @Test
    @DisplayName("C6-17: a node begins no delivery once its lease may have run out, whatever the database says")
    void refusesByItsOwnClock() throws Exception {
        Node one = node();
        MessageId id = one.accept("x").message().id();
        one.pass(Node.LEASE);
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> one.spool.openContent(id));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> one.spool.draft());
        assertThat(one.spool.remainingCapacity()).isZero();
        one.lease.renew();
        assertThat(one.contentOf(id)).as("nobody had called it gone").isEqualTo("x");
    }

    @Test
    void givesOutNoFurtherPartOfALongContentOnceTheLeaseMayHaveRunOut() throws Exception {
        Node one = node();
        MessageId id =
                one.accept("x".repeat(3 * PostgresqlDraft.PART)).message().id();
        try (InputStream content = one.spool.openContent(id)) {
            content.readNBytes(PostgresqlDraft.PART);
            one.pass(Node.LEASE);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(content::readAllBytes)
                    .withMessageContaining("another node may have taken over");
        }
    }

    @Test
    void notesThatMailWasDeliveredWhoeverDidItAndWhenToTryAgainOnlyForItsHolder() throws Exception {
        Node one = node();
        Node other = node();
        MessageId id = one.accept("x", 2).message().id();
        takeOverFrom(one, other);
        one.spool.record(id, List.of(settled(0), later(1, Node.RECEIVED.plusSeconds(3600))));
        assertThat(other.spool.find(id).orElseThrow().states())
                .containsExactly(settled(0).state(), RecipientState.fresh(Node.RECEIVED));
        other.spool.record(id, List.of(later(0, Node.RECEIVED)));
        assertThat(other.spool.find(id).orElseThrow().states().getFirst().settled())
                .as("settled is never taken back")
                .isTrue();
        one.spool.record(id, List.of(settled(1)));
        assertThatExceptionOfType(FileNotFoundException.class).isThrownBy(() -> other.spool.openContent(id));
    }

    @Test
    void callsNobodyGoneBeforeItHasLivedForALeaseWithoutABreak() throws Exception {
        Node one = node();
        one.accept("x");
        expire(one);
        Node other = node();
        other.lease.renew();
        assertThat(other.lease.callOthersGone()).isZero();
        other.pass(Node.LEASE.multipliedBy(2));
        other.lease.renew();
        assertThat(other.lease.callOthersGone())
                .as("it was silent itself, maybe since the database was away")
                .isZero();
        assertThat(other.liveOn()).isEqualTo(1);
    }

    @Test
    void callsNobodyGoneAfterAnOutageInWhichOnlyTheLeaseOfTheOtherRanOut() throws Exception {
        Node one = node();
        Node other = node();
        assertThat(other.liveOn()).isZero();
        DATABASES.server().kill();
        for (Node node : nodes) {
            assertThatExceptionOfType(SQLException.class).isThrownBy(node.lease::renew);
        }
        DATABASES.server().start();
        expire(one);
        other.lease.renew();
        assertThat(other.lease.callOthersGone())
                .as("it could not renew while the database was away")
                .isZero();
        one.lease.renew();
        assertThat(other.liveOn()).isZero();
        expire(one);
        assertThat(other.liveOn()).isEqualTo(1);
    }

    @Test
    void callsNobodyGoneOnceItHasStoodStillForHalfALease() throws Exception {
        Node one = node();
        Node other = node();
        assertThat(other.liveOn()).isZero();
        other.pass(Node.LEASE.dividedBy(2));
        other.lease.renew();
        expire(one);
        assertThat(other.lease.callOthersGone())
                .as("whatever held it up may have held up the other one")
                .isZero();
        assertThat(other.liveOn()).isEqualTo(1);
    }

    @Test
    void leavesWhatItHoldsToTheOthersAtOnceWhenItEndsWell() throws Exception {
        Node one = node();
        Node other = node();
        MessageId id = one.accept("x").message().id();
        one.lease.close();
        other.spool.tick();
        assertThat(other.handedIds()).containsExactly(id);
    }

    @Test
    void leavesToAnyNodeWhatItHasNoRoomFor() throws Exception {
        Node one = node(2);
        Node other = node();
        MessageId first = one.accept("1").message().id();
        one.accept("2");
        Receipt third = one.accept("3");
        assertThat(third.held()).isFalse();
        one.spool.tick();
        assertThat(one.handed).isEmpty();
        other.spool.tick();
        assertThat(other.handed).containsExactly(third.message());
        MessageId fourth = one.accept("4").message().id();
        one.spool.record(first, List.of(settled(0)));
        one.spool.tick();
        assertThat(one.handedIds()).as("there is room again").containsExactly(fourth);
    }

    @Test
    void hasRoomForMailThatIsDueThoughMuchWaitsForLater() throws Exception {
        Node one = node(2);
        Instant due = Instant.now().plusSeconds(86_400);
        for (int i = 0; i < 2; i++) {
            one.spool.record(one.accept("later").message().id(), List.of(later(0, due)));
        }
        assertThat(one.accept("now").held()).isFalse();
        one.spool.tick();
        assertThat(one.handed).hasSize(1);
    }

    /** A node that may hold two, and two that wait for tomorrow. */
    private Node full(Instant tomorrow) throws Exception {
        Node one = node(2);
        for (int i = 0; i < 2; i++) {
            MessageId id = one.accept("kept").message().id();
            assertThat(one.spool.defer(id, List.of(later(0, tomorrow)))).isTrue();
        }
        one.spool.tick();
        return one;
    }

    @Test
    void givesBackWhatWaitsForLongOnceItHoldsAsMuchAsItMay() throws Exception {
        Instant tomorrow = Instant.now().plusSeconds(86_400);
        Node one = full(tomorrow);
        Receipt third = one.accept("given back");
        assertThat(third.held()).isTrue();
        MessageId id = third.message().id();
        assertThat(one.spool.defer(id, List.of(later(0, tomorrow)))).isFalse();
        assertThat(one.spool.held()).isEqualTo(2);
        one.spool.tick();
        assertThat(one.handed).as("it has no room").isEmpty();
        Node other = node();
        other.spool.tick();
        assertThat(other.handedIds()).containsExactly(id);
        assertThat(other.handed.getFirst().states())
                .containsExactly(later(0, tomorrow).state());
        assertThat(other.contentOf(id)).isEqualTo("given back");
    }

    @Test
    void keepsWhatIsDueSoonAndWhatMayWaitElsewhereInItsQueue() throws Exception {
        Instant tomorrow = Instant.now().plusSeconds(86_400);
        Node one = full(tomorrow);
        MessageId soon = one.accept("soon").message().id();
        assertThat(one.spool.defer(soon, List.of(later(0, Instant.now())))).isTrue();
        one.spool.remove(soon);
        MessageId id = one.accept("x", 2).message().id();
        assertThat(one.spool.defer(id, List.of(later(0, tomorrow)))).isTrue();
        assertThat(one.spool.defer(id, List.of(later(1, tomorrow))))
                .as("the part for the first recipient waits")
                .isTrue();
        one.spool.record(id, List.of(settled(0)));
        assertThat(one.spool.defer(id, List.of(later(1, tomorrow)))).isFalse();
    }

    @Test
    void holdsNoMoreThanTwiceWhatItMayHoweverLongTheQueue() throws Exception {
        int most = 5;
        Node one = node(most);
        Instant tomorrow = Instant.now().plusSeconds(86_400);
        List<MessageId> accepted = new ArrayList<>();
        List<MessageId> tried = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Receipt receipt = one.accept("m" + i);
            accepted.add(receipt.message().id());
            List<MessageId> inHand = new ArrayList<>(one.handedIds());
            one.handed.clear();
            if (receipt.held()) {
                inHand.add(receipt.message().id());
            }
            for (MessageId id : inHand) {
                // Every third as if it had to stay.
                boolean stays = tried.size() % 3 == 0;
                if (stays) {
                    one.spool.record(id, List.of(later(0, tomorrow)));
                } else {
                    one.spool.defer(id, List.of(later(0, tomorrow)));
                }
                tried.add(id);
            }
            one.spool.tick();
            assertThat(one.spool.held()).isLessThanOrEqualTo(2 * most);
        }
        assertThat(tried.size()).isGreaterThan(2 * most);
        assertThat(count("SELECT count(*) FROM postern_message")).isEqualTo(accepted.size());
    }

    @Test
    void handsEachMessageToOneOfTheNodesThatTakeAtTheSameTime() throws Exception {
        Node full = node(1);
        full.accept("its own");
        List<MessageId> accepted = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            accepted.add(full.accept("m" + i).message().id());
        }
        List<Node> takers = List.of(node(0), node(0), node(0));
        assertThat(takers).allMatch(taker -> taker.handed.isEmpty());
        List<Node> ready = List.of(node(70), node(70), node(70));
        atOnce(3, worker -> {
            for (int i = 0; i < 20; i++) {
                ready.get(worker).spool.tick();
            }
            return null;
        });
        assertThat(ready.stream().map(Node::handedIds).flatMap(List::stream))
                .containsExactlyInAnyOrderElementsOf(accepted);
    }

    @Test
    void waitsForADatabaseThatIsAwayWithWhatBecameOfMailAndRefusesNewMail() throws Exception {
        Node one = node();
        MessageId delivered = one.accept("delivered").message().id();
        MessageId waiting = one.accept("waiting").message().id();
        DATABASES.server().kill();
        CompletableFuture<Void> noted = CompletableFuture.runAsync(() -> {
            try {
                one.spool.record(delivered, List.of(settled(0)));
            } catch (IOException failed) {
                throw new IllegalStateException(failed);
            }
        });
        try {
            assertThatExceptionOfType(SQLException.class).isThrownBy(one.lease::renew);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> one.accept("new"))
                    .withMessageContaining("does not answer");
            assertThat(one.spool.remainingCapacity()).isZero();
        } finally {
            DATABASES.server().start();
        }
        noted.get(120, TimeUnit.SECONDS);
        one.lease.renew();
        assertThat(one.spool.find(delivered)).isEmpty();
        assertThat(one.contentOf(waiting)).isEqualTo("waiting");
        assertThat(count("SELECT count(*) FROM postern_message")).isEqualTo(1);
    }

    @Test
    void forgetsWhatItRefusedAndFreesWhatItDoesNotKnow() throws Exception {
        Node one = node();
        Draft abandoned = one.spool.draft();
        abandoned.write(ByteBuffer.allocate(2 * PostgresqlDraft.PART));
        abandoned.write(ByteBuffer.allocate(1));
        assertThat(count("SELECT count(*) FROM postern_part")).isPositive();
        abandoned.close();
        one.spool.tick();
        assertThat(count("SELECT count(*) FROM postern_part")).isZero();
        // As after a takeover whose answer was lost.
        MessageId known = one.accept("known").message().id();
        DATABASES.execute(
                database,
                "INSERT INTO postern_message (id, holder, due, head, recipients, size, checksum, content)"
                        + " SELECT 'lost', holder, due, head, recipients, size, checksum, content"
                        + " FROM postern_message");
        one.spool.tick();
        assertThat(one.handed).isEmpty();
        one.spool.suspect();
        one.spool.tick();
        assertThat(one.handedIds()).containsExactly(new MessageId("lost"));
        assertThat(one.contentOf(known)).isEqualTo("known");
    }

    @Test
    void leavesNothingInTheDatabaseOfWhatIsSettled() throws Exception {
        Node one = node();
        one.spool.record(
                one.accept("x".repeat(3 * PostgresqlDraft.PART), 2).message().id(), List.of(settled(0), settled(1)));
        MessageId id =
                one.accept("y".repeat(3 * PostgresqlDraft.PART), 2).message().id();
        one.spool.record(id, List.of(settled(1)));
        assertThat(one.contentOf(id)).hasSize(3 * PostgresqlDraft.PART);
        one.spool.record(id, List.of(settled(0)));
        for (String table : List.of("postern_message", "postern_part", "postern_recipient")) {
            assertThat(count("SELECT count(*) FROM " + table)).as(table).isZero();
        }
        assertThat(one.spool.held()).isZero();
    }

    @Test
    void tellsADamagedContentFromAGoodOne() throws Exception {
        Node one = node();
        MessageId whole = one.accept("whole").message().id();
        MessageId shortOne = one.accept("short").message().id();
        MessageId longOne =
                one.accept("x".repeat(3 * PostgresqlDraft.PART)).message().id();
        DATABASES.execute(database, "UPDATE postern_message SET content = 'other' WHERE id = '" + shortOne + "'");
        DATABASES.execute(
                database,
                "UPDATE postern_part SET content = set_byte(content, 7, 1) WHERE part = 2 AND message = '" + longOne
                        + "'");
        assertThat(one.contentOf(whole)).isEqualTo("whole");
        for (MessageId damaged : List.of(shortOne, longOne)) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> one.contentOf(damaged))
                    .withMessageContaining("checksum");
        }
    }

    @Test
    void refusesTablesOfAnotherFormat() throws Exception {
        node();
        DATABASES.execute(database, "UPDATE postern_format SET version = 99");
        assertThatExceptionOfType(SQLException.class).isThrownBy(this::node).withMessageContaining("format 99");
    }

    @Test
    void createsItsTablesOnceWhereSeveralNodesStartTogether() throws Exception {
        List<Node> started = atOnce(4, worker -> new Node(DATABASES, database, 10));
        nodes.addAll(started);
        assertThat(Stream.of(started.toArray(Node[]::new)).map(node -> node.lease.id()))
                .doesNotHaveDuplicates();
        assertThat(count("SELECT count(*) FROM postern_format")).isEqualTo(1);
    }

    private interface Work<T> {
        T by(int worker) throws Exception;
    }

    private static <T> List<T> atOnce(int workers, Work<T> work) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> underWay = new ArrayList<>();
            for (int i = 0; i < workers; i++) {
                int worker = i;
                underWay.add(threads.submit(() -> work.by(worker)));
            }
            List<T> done = new ArrayList<>();
            for (Future<T> one : underWay) {
                done.add(one.get());
            }
            return done;
        }
    }

    private long count(String sql) throws Exception {
        return DATABASES.count(database, sql);
    }
}
