// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.BindingGroup;
import org.postern.spi.mail.BodyType;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MailAddress;

/**
 * What is stored about a message besides its content. Every text has its length in front of it, so that no octet of it
 * can be taken for structure.
 *
 * @param envelope who it is from and for
 * @param binding the binding it leaves through
 * @param context its variables
 * @param received when it was accepted
 * @param bodyFile the number of the file that holds the content; 0 if it is in the log
 */
record MessageHead(Envelope envelope, Binding binding, Map<String, String> context, Instant received, long bodyFile) {

    private static final int VERSION = 1;
    private static final int OUTLINE_END = 1 + 1 + 8 + 4;
    private static final int SMTPUTF8 = 1;
    private static final int EIGHT_BIT = 2;
    private static final int HAS_SENDER = 4;
    private static final int HAS_DSN = 8;

    byte[] toBytes() {
        ByteArrayOutputStream octets = new ByteArrayOutputStream(512);
        try (DataOutputStream out = new DataOutputStream(octets)) {
            out.writeByte(VERSION);
            out.writeByte(flags());
            out.writeLong(bodyFile);
            out.writeInt(envelope.recipients().size());
            out.writeLong(received.getEpochSecond());
            out.writeInt(received.getNano());
            putNames(out);
            putContext(out);
            if (!envelope.dsn().isEmpty()) {
                DsnNote.write(envelope, text -> put(out, text));
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return octets.toByteArray();
    }

    private int flags() {
        return (envelope.smtpUtf8() ? SMTPUTF8 : 0)
                | (envelope.bodyType() == BodyType.EIGHT_BIT_MIME ? EIGHT_BIT : 0)
                | (envelope.sender().isPresent() ? HAS_SENDER : 0)
                | (envelope.dsn().isEmpty() ? 0 : HAS_DSN);
    }

    private void putNames(DataOutputStream out) throws IOException {
        put(out, binding.group().name());
        put(out, binding.name());
        if (envelope.sender().isPresent()) {
            put(out, envelope.senderText());
        }
        for (MailAddress recipient : envelope.recipients()) {
            put(out, recipient.toString());
        }
    }

    private void putContext(DataOutputStream out) throws IOException {
        out.writeInt(context.size());
        for (Map.Entry<String, String> variable : context.entrySet()) {
            put(out, variable.getKey());
            put(out, variable.getValue());
        }
    }

    /** A length below zero says UTF-16: a Java string may hold half a surrogate pair, and comes back as it was. */
    private static void put(DataOutputStream out, String text) throws IOException {
        try {
            ByteBuffer octets = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            out.writeInt(octets.remaining());
            out.write(octets.array(), 0, octets.remaining());
        } catch (CharacterCodingException unpaired) {
            out.writeInt(~text.length());
            out.writeChars(text);
        }
    }

    /**
     * What must be known of every message at a start, read without the rest.
     *
     * @param bodyFile as in the head
     * @param recipients how many there are
     */
    record Outline(long bodyFile, int recipients) {}

    /** @throws IOException if these octets are no head */
    static Outline outline(ByteBuffer octets) throws IOException {
        if (octets.remaining() < OUTLINE_END || octets.get(0) != VERSION || octets.getInt(OUTLINE_END - 4) < 1) {
            throw new IOException("the head of a message is malformed, or has an unknown version");
        }
        return new Outline(octets.getLong(2), octets.getInt(OUTLINE_END - 4));
    }

    /** @throws IOException if these octets are no head, which a right checksum makes a bug or a forgery */
    static MessageHead read(ByteBuffer octets) throws IOException {
        try {
            return parse(octets);
        } catch (BufferUnderflowException
                | IllegalArgumentException
                | IndexOutOfBoundsException
                | DateTimeException malformed) {
            throw new IOException("the head of a message is malformed: " + malformed.getMessage(), malformed);
        }
    }

    private static MessageHead parse(ByteBuffer in) throws IOException {
        if (in.get() != VERSION) {
            throw new IOException("the head of a message has an unknown version");
        }
        int flags = in.get();
        long bodyFile = in.getLong();
        int recipients = in.getInt();
        Instant received = Instant.ofEpochSecond(in.getLong(), in.getInt());
        Binding binding = new Binding(new BindingGroup(text(in)), text(in));
        Envelope plain = envelope(in, flags, recipients);
        Map<String, String> context = context(in);
        Envelope envelope = (flags & HAS_DSN) == 0 ? plain : DsnNote.read(plain, () -> text(in));
        return new MessageHead(envelope, binding, context, received, bodyFile);
    }

    private static Envelope envelope(ByteBuffer in, int flags, int count) {
        Optional<MailAddress> sender =
                (flags & HAS_SENDER) == 0 ? Optional.empty() : Optional.of(MailAddress.parse(text(in)));
        List<MailAddress> recipients = new ArrayList<>(Math.min(count, in.remaining()));
        for (int i = 0; i < count; i++) {
            recipients.add(MailAddress.parse(text(in)));
        }
        BodyType bodyType = (flags & EIGHT_BIT) == 0 ? BodyType.SEVEN_BIT : BodyType.EIGHT_BIT_MIME;
        return new Envelope(sender, recipients, bodyType, (flags & SMTPUTF8) != 0);
    }

    private static Map<String, String> context(ByteBuffer in) {
        int count = in.getInt();
        Map<String, String> context = LinkedHashMap.newLinkedHashMap(Math.min(count, in.remaining()));
        for (int i = 0; i < count; i++) {
            context.put(text(in), text(in));
        }
        return context;
    }

    private static String text(ByteBuffer in) {
        int length = in.getInt();
        int octets = length < 0 ? Math.multiplyExact(~length, 2) : length;
        ByteBuffer encoded = in.slice(in.position(), octets);
        String text = length < 0
                ? encoded.asCharBuffer().toString()
                : StandardCharsets.UTF_8.decode(encoded).toString();
        in.position(in.position() + octets);
        return text;
    }
}
