// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.send;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Doubles dots at the beginning of lines and ends the content with a line of one dot (RFC 5321 section 4.5.2). */
final class DotStuffing {

    private final OutputStream out;
    private int last = '\n';

    DotStuffing(OutputStream out) {
        this.out = out;
    }

    void write(InputStream content) throws IOException {
        byte[] buffer = new byte[16 * 1024];
        for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
            write(buffer, count);
        }
        if (last != '\n') {
            out.write(new byte[] {'\r', '\n'});
        }
        out.write(new byte[] {'.', '\r', '\n'});
    }

    private void write(byte[] buffer, int count) throws IOException {
        int written = 0;
        for (int i = 0; i < count; i++) {
            if (buffer[i] == '.' && last == '\n') {
                out.write(buffer, written, i - written);
                out.write('.');
                written = i;
            }
            last = buffer[i];
        }
        out.write(buffer, written, count - written);
    }
}
