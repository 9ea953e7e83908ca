// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Takes colours and weight (ECMA-48, SGR) out of what bundles print, for output that is no terminal. */
final class PlainOutput extends FilterOutputStream {

    private static final int ESCAPE = 0x1b;

    private enum State {
        TEXT,
        AFTER_ESCAPE,
        IN_SEQUENCE
    }

    private State state = State.TEXT;

    private PlainOutput(OutputStream target) {
        super(target);
    }

    /** The stream, without emphasis unless that can be seen. */
    static PrintStream of(PrintStream target, boolean colour) {
        return colour ? target : new PrintStream(new PlainOutput(target), true, StandardCharsets.UTF_8);
    }

    @Override
    public void write(int octet) throws IOException {
        switch (state) {
            case TEXT -> {
                if ((octet & 0xff) == ESCAPE) {
                    state = State.AFTER_ESCAPE;
                } else {
                    out.write(octet);
                }
            }
            case AFTER_ESCAPE -> state = octet == '[' ? State.IN_SEQUENCE : State.TEXT;
            case IN_SEQUENCE -> state = (octet & 0xff) >= '@' ? State.TEXT : State.IN_SEQUENCE;
        }
    }

    /** The terminal is not ours to close. */
    @Override
    public void close() throws IOException {
        flush();
    }
}
