// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.BodyType;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.Draft;
import org.postern.spi.spool.Receipt;
import org.postern.spi.spool.RecipientState;
import org.postern.spi.spool.RecipientUpdate;
import org.postern.spi.spool.SpooledMessage;

/** A node whose clock stands still until told to go on, and that takes over mail when told to. */
final class Node implements AutoCloseable {

    static final Duration LEASE = Duration.ofSeconds(20);
    static final Instant RECEIVED = Instant.parse("2026-03-01T12:00:00Z");

    final List<SpooledMessage> handed = new CopyOnWriteArrayList<>();
    final NodeLease lease;
    final PostgresqlSpool spool;
    private final AtomicLong nanos = new AtomicLong();
    private final Database database;

    Node(Databases databases, String name, int maxHeld) throws Exception {
        SpoolOptions options = databases.options(name, LEASE, maxHeld);
        database = new Database(options, Databases.environment());
        try (Connection connection = database.connectApart()) {
            Schema.provide(connection);
        }
        lease = NodeLease.begin(database, options.node(), LEASE, nanos::get);
        spool = new PostgresqlSpool(database, lease, maxHeld, InstantSource.system());
        spool.recover(handed::add);
    }

    /** Time goes by. */
    void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    /** Lives on for a little longer than a lease, renewing as it has to. Returns how many others were called gone. */
    int liveOn() throws SQLException {
        int gone = 0;
        for (int i = 0; i < 5; i++) {
            pass(LEASE.dividedBy(4));
            lease.renew();
            gone += lease.callOthersGone();
        }
        return gone;
    }

    Receipt accept(String content) throws IOException {
        return accept(content, 1);
    }

    Receipt accept(String content, int recipients) throws IOException {
        try (Draft draft = spool.draft()) {
            draft.write(ByteBuffer.wrap(content.getBytes(UTF_8)));
            return draft.commit(envelope(recipients), Binding.DEFAULT, Map.of(), RECEIVED);
        }
    }

    private static Envelope envelope(int recipients) {
        return new Envelope(
                Optional.of(MailAddress.parse("from@example.test")),
                IntStream.range(0, recipients)
                        .mapToObj(i -> MailAddress.parse("to" + i + "@example.test"))
                        .toList(),
                BodyType.SEVEN_BIT,
                false);
    }

    String contentOf(MessageId id) throws IOException {
        try (var in = spool.openContent(id)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    List<MessageId> handedIds() {
        return handed.stream().map(SpooledMessage::id).toList();
    }

    static RecipientUpdate settled(int index) {
        return new RecipientUpdate(index, new RecipientState(true, 1, RECEIVED));
    }

    static RecipientUpdate later(int index, Instant due) {
        return new RecipientUpdate(index, new RecipientState(false, 1, due));
    }

    @Override
    public void close() {
        spool.close();
        database.close();
    }
}
