// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.postern.spool.postgresql.Node.later;
import static org.postern.spool.postgresql.Node.settled;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.RecipientState;
import org.postern.spi.spool.RecipientUpdate;
import org.postern.spi.spool.SpooledMessage;

/** What operators see of mail that no node holds, and do to it, while nodes take it up. */
@Timeout(180)
class UnheldTest {

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

    /** A node that has as much as it may. */
    private Node full() throws Exception {
        Node node = node(1);
        node.accept("its own");
        return node;
    }

    private static List<SpooledMessage> told(Node node) throws IOException {
        List<SpooledMessage> told = new ArrayList<>();
        node.spool.visitUnheld(told::add);
        return told;
    }

    private static RecipientUpdate onHold(int index) {
        return new RecipientUpdate(index, new RecipientState(false, 0, Node.RECEIVED, true));
    }

    /** So many copies of a message, every third of which some node holds. */
    private List<String> copies(MessageId id, int count) throws Exception {
        DATABASES.execute(
                database,
                "INSERT INTO postern_message (id, holder, due, head, recipients, size, checksum, content)"
                        + " SELECT id || 'x' || lpad(n::text, 5, '0'), CASE WHEN n % 3 = 0 THEN "
                        + nodes.getFirst().lease.id()
                        + " ELSE 0 END, due, head, recipients, size, checksum, content"
                        + " FROM postern_message, generate_series(1, " + count + ") n WHERE id = '" + id + "'");
        return IntStream.rangeClosed(1, count)
                .filter(n -> n % 3 != 0)
                .mapToObj(n -> String.format("%sx%05d", id, n))
                .toList();
    }

    @Test
    void isToldOfInTheOrderOfNamesHoweverMuchThereIsAndHowManyPiecesItTakes() throws Exception {
        Node one = full();
        MessageId first = one.accept("first").message().id();
        List<String> expected = new ArrayList<>(List.of(first.value()));
        assertThat(told(one)).extracting(message -> message.id().value()).isEqualTo(expected);
        expected.addAll(copies(first, 2_000));
        assertThat(told(one)).extracting(message -> message.id().value()).isEqualTo(expected);
    }

    @Test
    void isToldOfTooIfItsNodeIsGoneAndNobodyHasRoom() throws Exception {
        Node gone = node(10);
        Node one = full();
        MessageId id = gone.accept("left behind", 2).message().id();
        assertThat(told(one)).as("while its node lives").isEmpty();
        gone.lease.close();
        SpooledMessage seen = told(one).getFirst();
        assertThat(seen.id()).isEqualTo(id);
        assertThat(one.spool.recordUnheld(seen, List.of(settled(0), onHold(1)))).isTrue();
        Node other = node(10);
        other.spool.tick();
        assertThat(other.handed.getFirst().states())
                .containsExactly(settled(0).state(), onHold(1).state());
    }

    @Test
    void isHandedOverOnceAnOperatorWantsItTriedNow() throws Exception {
        Node one = full();
        MessageId id = one.accept("waits").message().id();
        Instant tomorrow = Instant.now().plusSeconds(86_400);
        assertThat(one.spool.recordUnheld(told(one).getFirst(), List.of(later(0, tomorrow))))
                .isTrue();
        assertThat(due(id)).isEqualTo(tomorrow.getEpochSecond());
        assertThat(one.spool.recordUnheld(one.spool.findUnheld(id).orElseThrow(), List.of(later(0, Instant.now()))))
                .isTrue();
        assertThat(due(id)).isLessThan(tomorrow.getEpochSecond());
        Node other = node(10);
        assertThat(other.handedIds()).containsExactly(id);
    }

    private long due(MessageId id) throws Exception {
        return DATABASES.count(database, "SELECT due FROM postern_message WHERE id = '" + id + "'");
    }

    @Test
    void leavesNothingInTheDatabaseOnceAnOperatorHasRemovedIt() throws Exception {
        Node one = full();
        one.accept("x".repeat(3 * PostgresqlDraft.PART), 2);
        SpooledMessage seen = told(one).getFirst();
        try (var content = one.spool.viewContent(seen.id())) {
            assertThat(content.readAllBytes()).hasSize(3 * PostgresqlDraft.PART);
        }
        assertThat(one.spool.recordUnheld(seen, List.of(settled(0), settled(1))))
                .isTrue();
        assertThat(told(one)).isEmpty();
        assertThat(DATABASES.count(database, "SELECT count(*) FROM postern_part"))
                .isZero();
        assertThat(DATABASES.count(database, "SELECT count(*) FROM postern_recipient"))
                .isZero();
    }

    @Test
    void isEitherTakenUpAsItWasOrChanged() throws Exception {
        Node one = full();
        for (int i = 0; i < 200; i++) {
            one.accept("m" + i);
        }
        List<SpooledMessage> seen = told(one);
        Set<MessageId> changed = ConcurrentHashMap.newKeySet();
        Node taker;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> operator = threads.submit(() -> {
                for (SpooledMessage message : seen.reversed()) {
                    if (one.spool.recordUnheld(message, List.of(onHold(0)))) {
                        changed.add(message.id());
                    }
                }
                return null;
            });
            taker = node(1_000);
            operator.get();
        }
        taker.spool.tick();
        assertThat(taker.handed).hasSize(200);
        assertThat(taker.handed)
                .filteredOn(message -> message.states().getFirst().onHold())
                .extracting(SpooledMessage::id)
                .as("what was changed is handed over with the change, and nothing else is changed")
                .containsExactlyInAnyOrderElementsOf(changed);
    }

    @Test
    void isChangedAsEachWantsItIfManyWantSomethingOfMuchAtOnce() throws Exception {
        Node one = full();
        MessageId first = one.accept("first", 2).message().id();
        copies(first, 900);
        List<SpooledMessage> seen = told(one);
        List<RecipientUpdate> removal = List.of(settled(0), settled(1));
        List<RecipientUpdate> hold = List.of(onHold(0), onHold(1));
        Set<MessageId> removed = ConcurrentHashMap.newKeySet();
        Set<MessageId> held = ConcurrentHashMap.newKeySet();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> wishes = new ArrayList<>();
            for (SpooledMessage message : seen) {
                wishes.add(threads.submit(() -> one.spool.recordUnheld(message, removal) && removed.add(message.id())));
                wishes.add(threads.submit(() -> one.spool.recordUnheld(message, hold) && held.add(message.id())));
            }
            for (Future<?> wish : wishes) {
                wish.get();
            }
        }
        assertThat(held).doesNotContainAnyElementsOf(removed);
        assertThat(held.size() + removed.size()).isEqualTo(seen.size());
        assertThat(told(one)).extracting(SpooledMessage::id).containsExactlyInAnyOrderElementsOf(held);
        assertThat(told(one))
                .allSatisfy(message -> assertThat(message.states())
                        .containsExactly(onHold(0).state(), onHold(1).state()));
        assertThat(DATABASES.count(database, "SELECT count(*) FROM postern_recipient"))
                .isEqualTo(2L * held.size());
        assertThat(DATABASES.count(
                        database, "SELECT count(*) FROM postern_message WHERE holder = 0 AND due <> " + Long.MAX_VALUE))
                .as("nobody takes up what is on hold")
                .isZero();
    }

    @Test
    void isNotToldOfWhileTheDatabaseIsAway() throws Exception {
        Node one = full();
        SpooledMessage seen = one.accept("x").message();
        DATABASES.server().kill();
        try {
            assertThatExceptionOfType(SQLException.class).isThrownBy(one.lease::renew);
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> told(one));
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> one.spool.recordUnheld(seen, List.of(onHold(0))));
        } finally {
            DATABASES.server().start();
        }
        one.lease.renew();
        assertThat(told(one)).containsExactly(seen);
    }
}
