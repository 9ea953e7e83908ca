// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds threads, platform and virtual, that something left behind. */
public final class ThreadLeak {

    private static final Pattern DUMPED = Pattern.compile("^#\\d+ \"(.*)\"(?: virtual)?.*$");

    private ThreadLeak() {}

    /**
     * Names of the live threads that begin with a prefix. Virtual threads are seen as far as this Java tracks them, which
     * it does unless told otherwise.
     */
    public static List<String> threadsNamed(String prefix) {
        return names().stream().filter(name -> name.startsWith(prefix)).toList();
    }

    /** Waits, at most 5 s, until no thread's name begins with the prefix. */
    public static void assertNone(String prefix) {
        assertNone(prefix, Duration.ofSeconds(5));
    }

    /**
     * Waits until no thread's name begins with the prefix.
     *
     * @param patience how long at most
     * @throws AssertionError naming the threads that are left
     */
    public static void assertNone(String prefix, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        List<String> left = threadsNamed(prefix);
        while (!left.isEmpty() && System.nanoTime() < end) {
            rest();
            left = threadsNamed(prefix);
        }
        if (!left.isEmpty()) {
            throw new AssertionError("threads left behind: " + String.join(", ", left));
        }
    }

    private static void rest() {
        try {
            new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for threads to end", e);
        }
    }

    private static List<String> names() {
        List<String> names = new ArrayList<>();
        Thread.getAllStackTraces().keySet().forEach(thread -> names.add(thread.getName()));
        try {
            Path directory = Files.createTempDirectory("threads");
            Path dump = directory.resolve("dump.txt");
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpThreads(dump.toString(), ThreadDumpFormat.TEXT_PLAIN);
            try (Stream<String> lines = Files.lines(dump)) {
                lines.map(DUMPED::matcher)
                        .filter(Matcher::matches)
                        .map(m -> m.group(1))
                        .forEach(names::add);
            }
            Files.delete(dump);
            Files.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names.stream().distinct().toList();
    }
}
