// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * For output that is no terminal: takes colours and weight (ECMA-48, SGR) out of what bundles print, and progress, which is
 * text between CR and the sequence that erases the rest of the line (EL).
 */
final class PlainOutput extends FilterOutputStream {

    private static final int ESCAPE = 0x1b;
    private static final int ERASE_LINE = 'K';

    private enum State {
        TEXT,
        AFTER_ESCAPE,
        IN_SEQUENCE
    }

    private State state = State.TEXT;
    private boolean returned;
    private boolean passing;

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
                    passing |= returned;
                    returned = false;
                    state = State.AFTER_ESCAPE;
                } else {
                    text(octet);
                }
            }
            case AFTER_ESCAPE -> state = octet == '[' ? State.IN_SEQUENCE : State.TEXT;
            case IN_SEQUENCE -> {
                if ((octet & 0xff) >= '@') {
                    passing &= octet != ERASE_LINE;
                    state = State.TEXT;
                }
            }
        }
    }

    private void text(int octet) throws IOException {
        boolean endOfLine = octet == '\n';
        boolean endsProgress = endOfLine && passing;
        if (endOfLine && returned) {
            out.write('\r');
        }
        passing = !endOfLine && (passing || returned);
        returned = octet == '\r';
        if (!returned && !passing && !endsProgress) {
            out.write(octet);
        }
    }

    /** The terminal is not ours to close. */
    @Override
    public void close() throws IOException {
        flush();
    }
}
