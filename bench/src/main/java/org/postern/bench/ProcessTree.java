// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A process and what descends from it, as Linux accounts for them.
 *
 * <p>CPU is what the living have used, plus what each of them has inherited from children that ended and were waited for.
 * So nothing is lost when a process of a pool ends between two looks.
 *
 * @param root the first of them
 */
public record ProcessTree(ProcessHandle root) {

    // The kernel shows times in units of 1/100 s on every architecture that runs Java.
    private static final double TICKS_PER_SECOND = 100;
    private static final int UTIME = 11;
    private static final long STOP_SECONDS = 30;
    private static final int CSTIME = 14;

    /** Ends a process that was started here and all that descend from it; by force, if they take too long. */
    public static void end(Process process) throws InterruptedException {
        List<ProcessHandle> ours = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        ours.forEach(ProcessHandle::destroy);
        if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
            ours.forEach(ProcessHandle::destroyForcibly);
        }
    }

    /** CPU seconds in user and kernel mode since the start. */
    public double cpuSeconds() throws IOException {
        long ticks = 0;
        for (long pid : pids()) {
            ticks += ticks(Path.of("/proc/" + pid + "/stat"));
        }
        return ticks / TICKS_PER_SECOND;
    }

    /** Octets of memory, shared pages divided among those who share them. */
    public long memory() throws IOException {
        long octets = 0;
        for (long pid : pids()) {
            octets += pss(pid);
        }
        return octets;
    }

    /** The most octets that each has had in memory so far, added up; shared pages count for each. */
    public long mostResident() throws IOException {
        long octets = 0;
        for (long pid : pids()) {
            octets += kibibytes(Path.of("/proc/" + pid + "/status"), "VmHWM:") << 10;
        }
        return octets;
    }

    /** CPU seconds of the threads of the first process that live now, by name; numbers in names do not count. */
    public Map<String, Double> cpuOfThreads() throws IOException {
        Map<String, Double> seconds = new HashMap<>();
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + root.pid() + "/task"))) {
            for (Path thread : threads.toList()) {
                String name = read(thread.resolve("comm")).strip().replaceAll("[#0-9]+", "N");
                seconds.merge(name, ticks(thread.resolve("stat")) / TICKS_PER_SECOND, Double::sum);
            }
        }
        return seconds;
    }

    private List<Long> pids() {
        return Stream.concat(Stream.of(root), root.descendants())
                .map(ProcessHandle::pid)
                .toList();
    }

    private static long ticks(Path stat) throws IOException {
        String line = read(stat);
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
        return kibibytes(Path.of("/proc/" + pid + "/smaps_rollup"), "Pss:") << 10;
    }

    private static long kibibytes(Path file, String label) throws IOException {
        return read(file)
                .lines()
                .filter(line -> line.startsWith(label))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
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
