// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.BindingGroup;
import org.postern.spi.mail.BodyType;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.Draft;
import org.postern.spi.spool.RecipientState;
import org.postern.spi.spool.RecipientUpdate;
import org.postern.spi.spool.Spool;
import org.postern.spi.spool.SpooledMessage;

/** Messages for tests. */
final class Mail {

    static final Instant RECEIVED = Instant.parse("2026-11-23T10:15:30.123456789Z");
    static final Binding BINDING = new Binding(new BindingGroup("transactional"), "b1");
    static final Map<String, String> CONTEXT = Map.of("campaign", "spring");

    static final Parking ALL_HELD = new Parking(Integer.MAX_VALUE, StoredIndex::inMemory);

    static final Parking TWO_HELD = new Parking(2, StoredIndex::inMemory);

    private Mail() {}

    static Envelope to(int recipients) {
        List<MailAddress> all = new ArrayList<>();
        for (int i = 0; i < recipients; i++) {
            all.add(MailAddress.parse("r" + i + "@example.com"));
        }
        return new Envelope(Optional.of(MailAddress.parse("sender@example.org")), all, BodyType.EIGHT_BIT_MIME, false);
    }

    static byte[] content(long seed, int length) {
        byte[] content = new byte[length];
        new Random(seed).nextBytes(content);
        return content;
    }

    static SpooledMessage accept(Spool spool, int recipients, byte[] content) throws IOException {
        try (Draft draft = spool.draft()) {
            draft.write(ByteBuffer.wrap(content));
            return draft.commit(to(recipients), BINDING, CONTEXT, RECEIVED).message();
        }
    }

    static byte[] read(Spool spool, MessageId id) throws IOException {
        try (InputStream in = spool.openContent(id)) {
            return in.readAllBytes();
        }
    }

    static List<SpooledMessage> recover(Spool spool) throws IOException {
        List<SpooledMessage> all = new ArrayList<>();
        spool.recover(all::add);
        return all;
    }

    static List<SpooledMessage> unheld(LocalSpool spool) throws IOException {
        List<SpooledMessage> all = new ArrayList<>();
        spool.visitUnheld(all::add);
        return all;
    }

    static RecipientUpdate settled(int index) {
        return new RecipientUpdate(index, new RecipientState(true, 1, RECEIVED));
    }

    static RecipientUpdate deferred(int index, int attempts) {
        return new RecipientUpdate(
                index,
                new RecipientState(
                        false, attempts, RECEIVED.plusSeconds(60L * attempts).plusNanos(7)));
    }
}
