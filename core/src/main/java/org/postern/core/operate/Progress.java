// SPDX-License-Identifier: Apache-2.0
package org.postern.core.operate;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * How far long work is, on one line that is written over. It stands between CR and the
 * sequence that erases the rest of the line, and where there is no terminal the command line leaves such text out.
 */
final class Progress {

    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(200);
    private static final String CLEAR = "\u001b[K";

    private final PrintStream err;
    private final String work;
    private final long total;
    private final long start = System.nanoTime();
    private long last = start;
    private boolean shown;

    Progress(PrintStream err, String work, long total) {
        this.err = err;
        this.work = work;
        this.total = total;
    }

    void done(long count) {
        long now = System.nanoTime();
        if (now - last >= PAUSE) {
            last = now;
            shown = true;
            print(String.format(Locale.ROOT, "%s: %,d of %,d%s", work, count, total, left(count, now - start)));
        }
    }

    private String left(long count, long nanos) {
        return count == 0
                ? ""
                : ", " + TimeUnit.NANOSECONDS.toSeconds((long) ((double) nanos / count * (total - count))) + " s left";
    }

    /** Takes the line away. */
    void end() {
        if (shown) {
            print("");
        }
    }

    private void print(String text) {
        err.print("\r" + text + CLEAR);
        err.flush();
    }
}
