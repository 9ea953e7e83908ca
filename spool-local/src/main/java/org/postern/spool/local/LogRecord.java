// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A record on its way to the log.
 *
 * @param header its header
 * @param head its head
 * @param content its content, if it is kept in the log
 */
record LogRecord(RecordHeader header, byte[] head, List<ByteBuffer> content) {

    static LogRecord note(RecordHeader.Type type, long number, byte[] head) {
        return new LogRecord(RecordHeader.note(type, number, head), head, List.of());
    }

    long length() {
        return header.recordLength();
    }
}
