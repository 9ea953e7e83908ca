// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.postgresql;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.BindingGroup;
import org.postern.spi.mail.BodyType;
import org.postern.spi.mail.DsnRequest;
import org.postern.spi.mail.DsnRequest.Notify;
import org.postern.spi.mail.DsnRequest.Recipient;
import org.postern.spi.mail.DsnRequest.Return;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MailAddress;

/**
 * What is stored about a message and never changes. Octets of our own and no columns, since a context may hold what no column
 * of text takes: NUL, and half a surrogate pair.
 *
 * @param envelope who it is from and for
 * @param binding the binding it leaves through
 * @param context its variables
 * @param received when it was accepted
 */
record MessageHead(Envelope envelope, Binding binding, Map<String, String> context, Instant received) {

    private static final int VERSION = 1;

    byte[] toBytes() throws IOException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream(512);
        DataOutputStream out = new DataOutputStream(octets);
        out.writeByte(VERSION);
        out.writeLong(received.getEpochSecond());
        out.writeInt(received.getNano());
        put(out, binding.group().name());
        put(out, binding.name());
        out.writeBoolean(envelope.bodyType() == BodyType.EIGHT_BIT_MIME);
        out.writeBoolean(envelope.smtpUtf8());
        put(out, envelope.senderText());
        out.writeInt(envelope.recipients().size());
        for (MailAddress recipient : envelope.recipients()) {
            put(out, recipient.toString());
        }
        out.writeInt(context.size());
        for (Map.Entry<String, String> variable : context.entrySet()) {
            put(out, variable.getKey());
            put(out, variable.getValue());
        }
        putDsn(out, envelope.dsn());
        return octets.toByteArray();
    }

    // An empty text says that nothing was said: none of these can be empty where it was.
    private static void putDsn(DataOutputStream out, DsnRequest dsn) throws IOException {
        put(out, dsn.returned().map(Enum::name).orElse(""));
        put(out, dsn.envelopeId().orElse(""));
        out.writeInt(dsn.recipients().size());
        for (Recipient recipient : dsn.recipients()) {
            put(out, recipient.original().orElse(""));
            out.writeByte(recipient.notifyOn().size());
            for (Notify what : recipient.notifyOn()) {
                put(out, what.name());
            }
        }
    }

    /** A length below zero says UTF-16: a Java string may hold half a surrogate pair, and comes back as it was. */
    private static void put(DataOutputStream out, String text) throws IOException {
        try {
            byte[] octets = toUtf8(text);
            out.writeInt(octets.length);
            out.write(octets);
        } catch (CharacterCodingException unpaired) {
            out.writeInt(~text.length());
            out.writeChars(text);
        }
    }

    private static byte[] toUtf8(String text) throws CharacterCodingException {
        var encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        byte[] octets = new byte[encoded.remaining()];
        encoded.get(octets);
        return octets;
    }

    /** @throws IOException if these octets are no head */
    static MessageHead read(byte[] octets) throws IOException {
        try {
            return parse(new DataInputStream(new ByteArrayInputStream(octets)));
        } catch (IllegalArgumentException | DateTimeException malformed) {
            throw new IOException("the head of a message is malformed: " + malformed.getMessage(), malformed);
        }
    }

    private static MessageHead parse(DataInputStream in) throws IOException {
        if (in.readByte() != VERSION) {
            throw new IOException("the head of a message has an unknown version");
        }
        Instant received = Instant.ofEpochSecond(in.readLong(), in.readInt());
        Binding binding = new Binding(new BindingGroup(text(in)), text(in));
        BodyType bodyType = in.readBoolean() ? BodyType.EIGHT_BIT_MIME : BodyType.SEVEN_BIT;
        boolean smtpUtf8 = in.readBoolean();
        Optional<MailAddress> sender = said(text(in)).map(MailAddress::parse);
        List<MailAddress> recipients = new ArrayList<>();
        for (int left = count(in); left > 0; left--) {
            recipients.add(MailAddress.parse(text(in)));
        }
        Map<String, String> context = new LinkedHashMap<>();
        for (int left = count(in); left > 0; left--) {
            context.put(text(in), text(in));
        }
        Envelope envelope = new Envelope(sender, recipients, bodyType, smtpUtf8, dsn(in));
        return new MessageHead(envelope, binding, context, received);
    }

    private static DsnRequest dsn(DataInputStream in) throws IOException {
        Optional<Return> returned = said(text(in)).map(Return::valueOf);
        Optional<String> envelopeId = said(text(in));
        List<Recipient> recipients = new ArrayList<>();
        for (int left = count(in); left > 0; left--) {
            Optional<String> original = said(text(in));
            Set<Notify> notify = EnumSet.noneOf(Notify.class);
            for (int more = in.readByte(); more > 0; more--) {
                notify.add(Notify.valueOf(text(in)));
            }
            recipients.add(new Recipient(notify, original));
        }
        return new DsnRequest(returned, envelopeId, recipients);
    }

    private static Optional<String> said(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private static int count(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > in.available()) {
            throw new IOException("the head of a message is cut off");
        }
        return count;
    }

    private static String text(DataInputStream in) throws IOException {
        int length = in.readInt();
        long octets = length < 0 ? 2L * ~length : length;
        if (octets > in.available()) {
            throw new IOException("the head of a message is cut off");
        }
        byte[] encoded = in.readNBytes((int) octets);
        return length < 0
                ? ByteBuffer.wrap(encoded).asCharBuffer().toString()
                : new String(encoded, StandardCharsets.UTF_8);
    }
}
