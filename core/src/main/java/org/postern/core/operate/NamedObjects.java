// SPDX-License-Identifier: Apache-2.0
package org.postern.core.operate;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.postern.core.text.Json;

/**
 * Puts the name of a node first into each object of JSON that passes, as {@link Json} writes them: one on a line, or over several
 * lines, alone or in an array.
 */
final class NamedObjects extends FilterOutputStream {

    private static final int STEP = 2;

    private final String member;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    NamedObjects(OutputStream target, String node) {
        super(target);
        String object = Json.line(new Named(node));
        this.member = object.substring(1, object.length() - 1);
    }

    /**
     * What is put in.
     *
     * @param node its name
     */
    public record Named(String node) {}

    @Override
    public void write(int octet) throws IOException {
        line.write(octet);
        if (octet == '\n') {
            pass();
        }
    }

    private void pass() throws IOException {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        int indent = text.startsWith("{") ? 0 : STEP;
        if (text.startsWith("{") || text.startsWith(" ".repeat(STEP) + "{")) {
            String rest = text.substring(indent + 1);
            String separator = rest.isBlank() ? "\n" + " ".repeat(indent + STEP) : "";
            text = text.substring(0, indent + 1) + separator + member + "," + rest;
        }
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What is no whole line waits for its end. */
    @Override
    public void flush() throws IOException {
        out.flush();
    }

    /** The target is the caller's. */
    @Override
    public void close() throws IOException {
        pass();
        out.flush();
    }
}
