// SPDX-License-Identifier: Apache-2.0
package org.postern.core.queue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.BodyType;
import org.postern.spi.mail.DsnRequest;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.RecipientState;
import org.postern.spi.spool.SpooledMessage;

/**
 * A stored message while it waits. Its name, addresses, times and states are one array instead of twenty objects; what
 * messages share, or seldom have, stays as it is. Immutable. The form is for this process only.
 */
public final class PackedMessage {

    private static final int USUAL_OCTETS = 160;
    private static final int SETTLED = 1;
    private static final int ON_HOLD = 2;
    private static final int FRESH = 4;

    private final byte[] octets;
    private final Binding binding;
    private final Map<String, String> context;
    private final DsnRequest dsn;

    private PackedMessage(byte[] octets, SpooledMessage message) {
        this.octets = octets;
        this.binding = message.binding();
        this.context = message.context();
        this.dsn = message.envelope().dsn();
    }

    /** The message, packed. */
    public static PackedMessage of(SpooledMessage message) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream(USUAL_OCTETS);
        try (DataOutputStream out = new DataOutputStream(octets)) {
            out.writeUTF(message.id().value());
            write(message.received(), out);
            out.writeLong(message.size());
            write(message.envelope(), out);
            for (RecipientState state : message.states()) {
                write(state, message.received(), out);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return new PackedMessage(octets.toByteArray(), message);
    }

    private static void write(Instant time, DataOutputStream out) throws IOException {
        out.writeLong(time.getEpochSecond());
        out.writeInt(time.getNano());
    }

    private static void write(Envelope envelope, DataOutputStream out) throws IOException {
        out.writeByte(envelope.bodyType().ordinal());
        out.writeBoolean(envelope.smtpUtf8());
        out.writeBoolean(envelope.sender().isPresent());
        if (envelope.sender().isPresent()) {
            out.writeUTF(envelope.sender().get().toString());
        }
        out.writeInt(envelope.recipients().size());
        for (MailAddress recipient : envelope.recipients()) {
            out.writeUTF(recipient.toString());
        }
    }

    private static void write(RecipientState state, Instant received, DataOutputStream out) throws IOException {
        boolean fresh = state.equals(RecipientState.fresh(received));
        out.writeByte((state.settled() ? SETTLED : 0) | (state.onHold() ? ON_HOLD : 0) | (fresh ? FRESH : 0));
        if (!fresh) {
            out.writeInt(state.attempts());
            write(state.due(), out);
        }
    }

    /** The message as it was. */
    public SpooledMessage unpacked() {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(octets))) {
            MessageId id = new MessageId(in.readUTF());
            Instant received = readTime(in);
            long size = in.readLong();
            Envelope envelope = readEnvelope(in);
            List<RecipientState> states = new ArrayList<>(envelope.recipients().size());
            while (states.size() < envelope.recipients().size()) {
                states.add(readState(received, in));
            }
            return new SpooledMessage(id, envelope, binding, context, received, size, states);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static Instant readTime(DataInputStream in) throws IOException {
        return Instant.ofEpochSecond(in.readLong(), in.readInt());
    }

    private Envelope readEnvelope(DataInputStream in) throws IOException {
        BodyType bodyType = BodyType.values()[in.readByte()];
        boolean smtpUtf8 = in.readBoolean();
        Optional<MailAddress> sender =
                in.readBoolean() ? Optional.of(MailAddress.parse(in.readUTF())) : Optional.empty();
        int count = in.readInt();
        List<MailAddress> recipients = new ArrayList<>(count);
        while (recipients.size() < count) {
            recipients.add(MailAddress.parse(in.readUTF()));
        }
        return new Envelope(sender, recipients, bodyType, smtpUtf8, dsn);
    }

    private static RecipientState readState(Instant received, DataInputStream in) throws IOException {
        int flags = in.readByte();
        return (flags & FRESH) != 0
                ? RecipientState.fresh(received)
                : new RecipientState((flags & SETTLED) != 0, in.readInt(), readTime(in), (flags & ON_HOLD) != 0);
    }
}
