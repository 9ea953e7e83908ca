// SPDX-License-Identifier: Apache-2.0
package org.postern.bench.crash;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Everything that was seen, in one order: load, sink and whoever kills write here, a line per event with the seconds since
 * the beginning in front, and the checker reads along.
 *
 * <p>Threading: safe for several threads. What is noted before an octet is sent stands before whatever that octet causes.
 */
final class History implements Closeable {

    private static final double NANOS = 1e9;

    private final ReentrantLock lock = new ReentrantLock();
    private final Writer out;
    private final Checker checker;
    private final long began = System.nanoTime();

    History(Path file, Checker checker) throws IOException {
        this.out = Files.newBufferedWriter(file);
        this.checker = checker;
    }

    void note(Event event) {
        lock.lock();
        try {
            out.write(String.format(Locale.ROOT, "%.6f %s%n", (System.nanoTime() - began) / NANOS, event.line()));
            checker.take(event);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } finally {
            lock.unlock();
        }
    }

    Checker checker() {
        return checker;
    }

    /** Judges a history that was kept. */
    static Checker judge(Path file) throws IOException {
        Checker checker = new Checker();
        try (Stream<String> lines = Files.lines(file)) {
            for (Iterator<String> all = lines.iterator(); all.hasNext(); ) {
                String line = all.next();
                checker.take(Event.parse(line.substring(line.indexOf(' ') + 1)));
            }
        } catch (UncheckedIOException unreadable) {
            throw unreadable.getCause();
        }
        return checker;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
