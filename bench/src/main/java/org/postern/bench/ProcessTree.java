// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A process and what descends from it, as Linux accounts for them.
 *
 * <p>CPU is what the living have used, plus what each of them has inherited from children that ended and were waited for.
 * So nothing is lost when a process of a pool ends between two looks.
 *
 * @param root the first of them
 */
record ProcessTree(ProcessHandle root) {

    // The kernel shows times in units of 1/100 s on every architecture that runs Java.
    private static final double TICKS_PER_SECOND = 100;
    private static final int UTIME = 11;
    private static final int CSTIME = 14;

    /** CPU seconds in user and kernel mode since the start. */
    double cpuSeconds() throws IOException {
        long ticks = 0;
        for (long pid : pids()) {
            ticks += ticks(pid);
        }
        return ticks / TICKS_PER_SECOND;
    }

    /** Octets of memory, shared pages divided among those who share them. */
    long memory() throws IOException {
        long octets = 0;
        for (long pid : pids()) {
            octets += pss(pid);
        }
        return octets;
    }

    private List<Long> pids() {
        return Stream.concat(Stream.of(root), root.descendants())
                .map(ProcessHandle::pid)
                .toList();
    }

    private static long ticks(long pid) throws IOException {
        String line = read(Path.of("/proc/" + pid + "/stat"));
        if (line.isEmpty()) {
            return 0;
        }
        // The name stands in parentheses and may contain anything.
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
        long ticks = 0;
        for (int i = UTIME; i <= CSTIME; i++) {
            ticks += Long.parseLong(fields[i]);
        }
        return ticks;
    }

    private static long pss(long pid) throws IOException {
        return read(Path.of("/proc/" + pid + "/smaps_rollup"))
                .lines()
                .filter(line -> line.startsWith("Pss:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .sum();
    }

    /** Empty if the process has gone. */
    private static String read(Path file) throws IOException {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            if (Files.exists(file.getParent().resolve("comm"))) {
                throw gone;
            }
            return "";
        }
    }
}
