// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.Envelope;
import org.postern.spi.spool.Commit;
import org.postern.spi.spool.Draft;
import org.postern.spi.spool.Receipt;
import org.postern.spi.spool.RecipientState;
import org.postern.spi.spool.SpoolFullException;
import org.postern.spi.spool.SpooledMessage;

/** A message on its way in: in memory while it is small, in a file of its own from there on. */
final class LocalDraft implements Draft {

    private static final long ASK_EVERY = 1 << 20;

    private enum Stage {
        OPEN,
        FAILED,
        COMMITTED,
        CLOSED
    }

    private final LocalSpool spool;
    private final CRC32C crc = new CRC32C();
    private InlineBody inline = new InlineBody();
    private BodyFile file;
    private long length;
    private long askedAt;
    private Stage stage = Stage.OPEN;
    private Begun begun;

    LocalDraft(LocalSpool spool) {
        this.spool = spool;
    }

    @Override
    public void write(ByteBuffer content) throws IOException {
        requireOpen();
        try {
            add(content);
        } catch (IOException failure) {
            stage = Stage.FAILED;
            throw asSpoolFull(failure);
        }
    }

    private void add(ByteBuffer content) throws IOException {
        int added = content.remaining();
        crc.update(content.duplicate());
        if (file == null && length + added > spool.options().inline()) {
            spill();
        }
        if (file == null) {
            inline.write(content);
        } else {
            askForRoom();
            file.write(content);
        }
        length += added;
    }

    private void spill() throws IOException {
        askForRoom();
        file = BodyFile.create(spool.disk(), spool.numbers().next());
        for (ByteBuffer piece : inline.pieces()) {
            file.write(piece);
        }
        inline = new InlineBody();
    }

    private void askForRoom() throws IOException {
        if (length >= askedAt) {
            spool.room().check(ASK_EVERY);
            askedAt = length + ASK_EVERY;
        }
    }

    private void requireOpen() throws IOException {
        if (stage == Stage.FAILED) {
            throw new IOException("a part of this message could not be written");
        }
        if (stage != Stage.OPEN) {
            throw new IllegalStateException("this draft is " + (stage == Stage.CLOSED ? "closed" : "committed"));
        }
    }

    @Override
    public Receipt commit(Envelope envelope, Binding binding, Map<String, String> context, Instant received)
            throws IOException {
        return begin(envelope, binding, context, received).await();
    }

    @Override
    public Commit begin(Envelope envelope, Binding binding, Map<String, String> context, Instant received)
            throws IOException {
        requireOpen();
        stage = Stage.FAILED;
        try {
            Acceptance acceptance = acceptance(new MessageHead(envelope, binding, context, received, fileNumber()));
            spool.commits().begin(acceptance);
            begun = new Begun(acceptance, message(acceptance, envelope, binding, context, received));
            return begun;
        } catch (IOException failure) {
            throw asSpoolFull(failure);
        }
    }

    private Acceptance acceptance(MessageHead head) throws IOException {
        spool.room().check(0);
        if (file != null) {
            file.force();
        }
        List<ByteBuffer> content = file == null ? inline.pieces() : List.of();
        Acceptance acceptance =
                new Acceptance(spool.inventory(), spool.numbers(), head, length, (int) crc.getValue(), content);
        if (acceptance.octets() - length > RecordHeader.MAX_HEAD) {
            throw new IOException("envelope and context are longer than " + RecordHeader.MAX_HEAD + " octets");
        }
        return acceptance;
    }

    /** What waits for the committing thread. */
    private final class Begun implements Commit {

        private final Acceptance acceptance;
        private final SpooledMessage message;

        private Begun(Acceptance acceptance, SpooledMessage message) {
            this.acceptance = acceptance;
            this.message = message;
        }

        @Override
        public SpooledMessage message() {
            return message;
        }

        @Override
        public Receipt await() throws IOException {
            try {
                acceptance.await();
                stage = Stage.COMMITTED;
                return new Receipt(message, acceptance.held());
            } catch (IOException failure) {
                throw asSpoolFull(failure);
            }
        }
    }

    private long fileNumber() {
        return file == null ? 0 : file.number();
    }

    private SpooledMessage message(
            Acceptance acceptance, Envelope envelope, Binding binding, Map<String, String> context, Instant received) {
        RecipientState fresh = RecipientState.fresh(received);
        List<RecipientState> states =
                envelope.recipients().stream().map(recipient -> fresh).toList();
        return new SpooledMessage(
                MessageNumbers.name(acceptance.number()), envelope, binding, context, received, length, states);
    }

    /** The file of a message that may be accepted is not to be thrown away. */
    private void awaitBegun() {
        if (begun != null) {
            try {
                begun.await();
            } catch (IOException refused) {
                stage = Stage.FAILED;
            }
        }
    }

    private static IOException asSpoolFull(IOException failure) {
        return failure instanceof DiskFullException
                ? new SpoolFullException("no room left on the disk of the spool")
                : failure;
    }

    @Override
    public void close() {
        awaitBegun();
        if (file != null) {
            file.close();
            if (stage != Stage.COMMITTED) {
                file.discard();
            }
            file = null;
        }
        stage = stage == Stage.COMMITTED ? stage : Stage.CLOSED;
    }
}
