// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;

/** Moves content from the input through a scanner to a transaction, as it comes and at the pace it has to come. */
final class ContentFlow {

    private final Input input;
    private final Limits limits;
    private final LongSupplier nanoTime;
    private final ByteBuffer view;
    private Pace pace;

    ContentFlow(Input input, Limits limits, LongSupplier nanoTime) {
        this.input = input;
        this.limits = limits;
        this.nanoTime = nanoTime;
        this.view = ByteBuffer.wrap(input.buffer());
    }

    /** Starts the clock for a message. */
    void begin() {
        pace = new Pace(nanoTime, limits);
    }

    /**
     * Passes all of DATA.
     *
     * @return whether it was read to its end or its flaw; not if there was too much to go on
     */
    boolean passData(ContentScanner scanner, Transaction transaction) throws IOException {
        begin();
        while (!scanner.ended() && !scanner.broken()) {
            // A message that is too big is read on, so that the peer sees why it is refused; but not for ever.
            if (exceeds(scanner.size())) {
                return false;
            }
            pass(scanner, transaction, Integer.MAX_VALUE);
        }
        return true;
    }

    /** Passes one chunk, or what is left of it behind a flaw, which nobody needs. */
    void passChunk(Chunk chunk, ContentScanner scanner, Transaction transaction) throws IOException {
        long left = chunk.size();
        while (left > 0 && !scanner.broken()) {
            left -= pass(scanner, transaction, (int) Math.min(left, Input.SIZE));
        }
        discard(left);
    }

    private int pass(ContentScanner scanner, Transaction transaction, int atMost) throws IOException {
        awaitInput();
        int start = input.from();
        int end = start + Math.min(input.to() - start, atMost);
        int next = scanner.scan(input.buffer(), start, end);
        if (scanner.flaw().isEmpty()) {
            transaction.write(view.clear().position(start).limit(start + scanner.kept()));
        } else {
            transaction.drop();
        }
        input.consumeTo(next);
        return next - start;
    }

    /** Reads octets over. */
    void discard(long octets) throws IOException {
        long left = octets;
        while (left > 0) {
            awaitInput();
            int n = (int) Math.min(left, input.to() - input.from());
            input.consumeTo(input.from() + n);
            left -= n;
        }
    }

    private void awaitInput() throws IOException {
        if (input.isEmpty()) {
            pace.fill(input);
        }
    }

    /** Whether so much is not even read to be refused. */
    boolean exceeds(long octets) {
        return octets / 2 > limits.messageSize();
    }
}
