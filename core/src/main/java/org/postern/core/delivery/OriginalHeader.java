// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.postern.spi.mail.MessageId;
import org.postern.spi.spool.Spool;

/** The header of a message, to be shown to people. */
final class OriginalHeader {

    private static final int SHOWN = 32 * 1024;

    private OriginalHeader() {}

    /**
     * Whole lines, without the empty one at the end.
     *
     * @throws java.io.FileNotFoundException if there is no such message
     */
    static byte[] read(Spool spool, MessageId id) throws IOException {
        try (InputStream content = spool.openContent(id)) {
            return of(content);
        }
    }

    /** The same, whoever holds the message. */
    static byte[] view(Spool spool, MessageId id) throws IOException {
        try (InputStream content = spool.viewContent(id)) {
            return of(content);
        }
    }

    private static byte[] of(InputStream content) throws IOException {
        byte[] start = content.readNBytes(SHOWN);
        return Arrays.copyOf(start, endIn(start));
    }

    // Never into the middle of a line: what is cut off ends with the last whole one.
    private static int endIn(byte[] start) {
        int lineEnd = 0;
        for (int i = 0; i + 1 < start.length; i++) {
            if (start[i] == '\r' && start[i + 1] == '\n') {
                if (i == lineEnd) {
                    return i;
                }
                lineEnd = i + 2;
            }
        }
        return lineEnd;
    }
}
