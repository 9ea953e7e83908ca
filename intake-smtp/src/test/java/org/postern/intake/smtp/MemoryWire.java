// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** A wire whose other end has said everything in advance, in pieces that arrive one by one. */
final class MemoryWire implements Wire {

    private final Deque<byte[]> pieces = new ArrayDeque<>();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private int writes;
    private boolean early;

    MemoryWire(byte[]... pieces) {
        for (byte[] piece : pieces) {
            if (piece.length > 0) {
                this.pieces.add(piece);
            }
        }
    }

    MemoryWire early() {
        early = true;
        return this;
    }

    @Override
    public int read(byte[] buffer, int from, int length, long nanos) {
        byte[] piece = pieces.poll();
        if (piece == null) {
            return -1;
        }
        int n = Math.min(length, piece.length);
        System.arraycopy(piece, 0, buffer, from, n);
        if (n < piece.length) {
            pieces.addFirst(Arrays.copyOfRange(piece, n, piece.length));
        }
        return n;
    }

    @Override
    public void write(byte[] buffer, int from, int length) {
        written.write(buffer, from, length);
        writes++;
    }

    @Override
    public boolean hasInput() {
        return early;
    }

    int writes() {
        return writes;
    }

    List<String> replies() {
        return written.toString(StandardCharsets.UTF_8).lines().toList();
    }

    /** The code of each reply, without the greeting. */
    List<String> codes() {
        return replies().stream()
                .filter(line -> line.charAt(3) == ' ')
                .skip(1)
                .map(line -> line.substring(0, 3))
                .toList();
    }
}
