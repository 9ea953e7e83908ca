// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.send;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A message with CRLF line ends, which can be read more than once. */
public interface Content {

    /** Reads it from its beginning. */
    InputStream open() throws IOException;

    /** Its octets. */
    long size();

    /** Whether an octet is beyond ASCII. */
    boolean eightBit();

    /** Content in memory. */
    static Content of(byte[] octets) {
        return new Content() {
            @Override
            public InputStream open() {
                return new ByteArrayInputStream(octets);
            }

            @Override
            public long size() {
                return octets.length;
            }

            @Override
            public boolean eightBit() {
                for (byte octet : octets) {
                    if (octet < 0) {
                        return true;
                    }
                }
                return false;
            }
        };
    }
}
