// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * What every record begins with. A record is a header, a head and, for a message in the log, its content, filled up with
 * zeros to a multiple of eight octets. Numbers are big-endian:
 *
 * <pre>
 *  0 magic "PsR1"     4 type        5 flags, 6 and 7 zero
 *  8 nonce of the segment          16 offset of this record in the segment
 * 24 number of the message         32 octets of head       36 CRC32C of head
 * 40 octets of content             48 CRC32C of content    52 CRC32C of octets 0 to 51
 * </pre>
 *
 * <p>Nonce and offset tie a record to its one place: what was copied elsewhere by a failing disk, or written by somebody
 * into the content of a message in the hope of being taken for a record, is none.
 *
 * @param type what the record says
 * @param external whether the content is in a file of its own, which the head names
 * @param number the message
 * @param headLength octets of head
 * @param headCrc checksum of the head
 * @param contentLength octets of content
 * @param contentCrc checksum of the content
 */
record RecordHeader(
        Type type, boolean external, long number, int headLength, int headCrc, long contentLength, int contentCrc) {

    static final int LENGTH = 56;
    static final int ALIGNMENT = 8;

    /** The longest head: an envelope with all its recipients, and the context. */
    static final int MAX_HEAD = 64 << 20;

    private static final int MAGIC = 0x50735231;
    private static final int CHECKED = 52;

    /** What a record says. The ordinal is never stored. */
    enum Type {
        /** A message was accepted, or moved here. */
        MESSAGE((byte) 1),
        /** What is known about recipients. */
        UPDATE((byte) 2),
        /** A message is gone. */
        REMOVAL((byte) 3);

        private final byte code;

        Type(byte code) {
            this.code = code;
        }
    }

    /** A message that waits to be written; the checksums are those of the parts as they are. */
    static RecordHeader message(long number, byte[] head, boolean external, long contentLength, int contentCrc) {
        return new RecordHeader(Type.MESSAGE, external, number, head.length, crc(head), contentLength, contentCrc);
    }

    /** A record without content. */
    static RecordHeader note(Type type, long number, byte[] head) {
        return new RecordHeader(type, false, number, head.length, crc(head), 0, 0);
    }

    RecordHeader withNumber(long given) {
        return new RecordHeader(type, external, given, headLength, headCrc, contentLength, contentCrc);
    }

    static int crc(byte[] octets) {
        CRC32C crc = new CRC32C();
        crc.update(octets);
        return (int) crc.getValue();
    }

    private static int crc(ByteBuffer octets) {
        CRC32C crc = new CRC32C();
        crc.update(octets);
        return (int) crc.getValue();
    }

    /** Octets of content in the log itself. */
    long storedContent() {
        return external ? 0 : contentLength;
    }

    /** Octets of the whole record with its filling. */
    long recordLength() {
        return padded(LENGTH + headLength + storedContent());
    }

    static long padded(long length) {
        return (length + ALIGNMENT - 1) & -ALIGNMENT;
    }

    /** The header's octets for this place. */
    byte[] toBytes(long nonce, long offset) {
        ByteBuffer buffer = ByteBuffer.allocate(LENGTH);
        buffer.putInt(MAGIC).put(type.code).put((byte) (external ? 1 : 0)).putShort((short) 0);
        buffer.putLong(nonce).putLong(offset).putLong(number);
        buffer.putInt(headLength).putInt(headCrc).putLong(contentLength).putInt(contentCrc);
        buffer.putInt(crc(buffer.slice(0, CHECKED)));
        return buffer.array();
    }

    /**
     * Reads the header at a place.
     *
     * @param at the buffer index of the first octet
     * @return nothing ({@code null}, since this is asked at every eighth octet of a damaged file) unless a whole and
     *     unchanged header stands there that was written for this place
     */
    static RecordHeader readAt(ByteBuffer buffer, int at, long nonce, long offset) {
        if (buffer.limit() - at < LENGTH
                || buffer.getInt(at) != MAGIC
                || buffer.getLong(at + 8) != nonce
                || buffer.getLong(at + 16) != offset
                || buffer.getInt(at + CHECKED) != crc(buffer.slice(at, CHECKED))) {
            return null;
        }
        Type type = typeOf(buffer.get(at + 4));
        RecordHeader header = new RecordHeader(
                type,
                buffer.get(at + 5) == 1,
                buffer.getLong(at + 24),
                buffer.getInt(at + 32),
                buffer.getInt(at + 36),
                buffer.getLong(at + 40),
                buffer.getInt(at + 48));
        return type != null && header.plausible() ? header : null;
    }

    private static Type typeOf(byte code) {
        for (Type type : Type.values()) {
            if (type.code == code) {
                return type;
            }
        }
        return null;
    }

    private boolean plausible() {
        return headLength >= 0 && headLength <= MAX_HEAD && contentLength >= 0;
    }

    boolean headMatches(ByteBuffer head) {
        return crc(head.duplicate()) == headCrc;
    }

    boolean contentMatches(ByteBuffer content) {
        return external || crc(content.duplicate()) == contentCrc;
    }
}
