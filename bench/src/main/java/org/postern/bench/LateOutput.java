// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/** What is written leaves later, each piece by the same time, as over a long way. Used by one thread. */
final class LateOutput extends FilterOutputStream {

    private record Piece(byte[] octets, long due) {}

    private static final Piece END = new Piece(new byte[0], 0);

    private final long nanos;
    private final BlockingQueue<Piece> waiting = new LinkedBlockingQueue<>();
    private final Thread carrier;

    LateOutput(OutputStream out, Duration late) {
        super(out);
        this.nanos = late.toNanos();
        this.carrier = Thread.ofVirtual().name("bench-late").start(this::carry);
    }

    @Override
    public void write(byte[] octets, int from, int length) {
        waiting.add(new Piece(Arrays.copyOfRange(octets, from, from + length), System.nanoTime() + nanos));
    }

    @Override
    public void write(int octet) {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    /** Nothing leaves before it is due. */
    @Override
    public void flush() {
        // What carries it flushes.
    }

    /** Returns when all has left. */
    @Override
    public void close() throws IOException {
        waiting.add(END);
        try {
            carrier.join();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        super.close();
    }

    private void carry() {
        try {
            for (Piece piece = waiting.take(); piece != END; piece = waiting.take()) {
                for (long left = piece.due() - System.nanoTime(); left > 0; left = piece.due() - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                out.write(piece.octets());
                out.flush();
            }
        } catch (IOException gone) {
            waiting.clear();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }
}
