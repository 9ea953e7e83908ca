// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** What was said, line by line, up to a limit. Safe for several threads. */
final class Transcript {

    private static final int MOST_LINES = 10_000;
    private static final int MOST_CHARACTERS = 2_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final List<String> lines = new ArrayList<>();
    private final Consumer<String> audience;

    /** @param audience is told each line too, and those beyond the limit */
    Transcript(Consumer<String> audience) {
        this.audience = audience;
    }

    void add(int connection, String who, String text) {
        String shown = text.length() > MOST_CHARACTERS
                ? text.substring(0, MOST_CHARACTERS) + "… (" + text.length() + " characters)"
                : text;
        String line = "[" + connection + "] " + who + " " + shown;
        audience.accept(line);
        lock.lock();
        try {
            if (lines.size() < MOST_LINES) {
                lines.add(line);
            }
        } finally {
            lock.unlock();
        }
    }

    List<String> lines() {
        lock.lock();
        try {
            return List.copyOf(lines);
        } finally {
            lock.unlock();
        }
    }
}
