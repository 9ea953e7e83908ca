// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** A terminal that remembers what was written to it. */
public final class Captured {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Terminal terminal;

    /** With this as input. */
    public Captured(byte[] input) {
        terminal = new Terminal(
                new ByteArrayInputStream(input),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false);
    }

    /** With this as input. */
    public Captured(String input) {
        this(input.getBytes(StandardCharsets.UTF_8));
    }

    /** The terminal. */
    public Terminal terminal() {
        return terminal;
    }

    /** What was written to standard output. */
    public String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    /** What was written to standard error. */
    public String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
