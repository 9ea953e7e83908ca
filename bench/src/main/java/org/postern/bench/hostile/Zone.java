// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.hostile;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Names of which each has very many mail exchangers, all at one address. Answers are laid out once (RFC 1035 section 4), since
 * whoever answers is not to be what is measured.
 *
 * <p>Threading: safe for many threads.
 */
final class Zone {

    private static final int HEADER = 12;
    private static final int ANSWER = 0x8180;
    private static final int TRUNCATED = 0x8380;
    private static final int A = 1;
    private static final int MX = 15;
    private static final int INTERNET = 1;
    private static final int TTL = 3600;
    /** Wherever it stands, it means the name in question. */
    private static final int SAME_NAME = 0xC000 | HEADER;

    private final int exchangers;
    private final byte[] exchangerRecords;
    private final byte[] addressRecord;

    /**
     * Lays it out.
     *
     * @param exchangers how many each name has
     * @param address where all of them are
     */
    Zone(int exchangers, InetAddress address) {
        this.exchangers = exchangers;
        this.exchangerRecords = exchangerRecords(exchangers);
        byte[] octets = address.getAddress();
        ByteBuffer record = ByteBuffer.allocate(HEADER + octets.length);
        begin(record, A, octets.length).put(octets);
        this.addressRecord = record.array();
    }

    private static byte[] exchangerRecords(int count) {
        ByteBuffer records = ByteBuffer.allocate(65_535);
        for (int number = 0; number < count; number++) {
            byte[] label = ("mx" + number).getBytes(StandardCharsets.US_ASCII);
            begin(records, MX, Short.BYTES + 1 + label.length + Short.BYTES)
                    .putShort((short) number)
                    .put((byte) label.length)
                    .put(label)
                    .putShort((short) SAME_NAME);
        }
        byte[] octets = new byte[records.position()];
        records.flip().get(octets);
        return octets;
    }

    private static ByteBuffer begin(ByteBuffer record, int type, int length) {
        return record.putShort((short) SAME_NAME)
                .putShort((short) type)
                .putShort((short) INTERNET)
                .putInt(TTL)
                .putShort((short) length);
    }

    /** The answer over TCP. */
    byte[] answer(byte[] question) {
        return switch (type(question)) {
            case MX -> message(question, ANSWER, exchangers, exchangerRecords);
            case A -> message(question, ANSWER, 1, addressRecord);
            default -> message(question, ANSWER, 0, new byte[0]);
        };
    }

    /** The answer over UDP: many exchangers have to be asked for over TCP. */
    byte[] answerInDatagram(byte[] question) {
        return type(question) == MX ? message(question, TRUNCATED, 0, new byte[0]) : answer(question);
    }

    private static byte[] message(byte[] question, int flags, int count, byte[] records) {
        int end = typeAt(question) + 2 * Short.BYTES;
        return ByteBuffer.allocate(end + records.length)
                .put(question, 0, Short.BYTES)
                .putShort((short) flags)
                .putShort((short) 1)
                .putShort((short) count)
                .putInt(0)
                .put(question, HEADER, end - HEADER)
                .put(records)
                .array();
    }

    private static int type(byte[] question) {
        return ByteBuffer.wrap(question).getShort(typeAt(question));
    }

    /** Behind the labels of the name. */
    private static int typeAt(byte[] question) {
        int at = HEADER;
        while (question[at] != 0) {
            at += 1 + question[at];
        }
        return at + 1;
    }
}
