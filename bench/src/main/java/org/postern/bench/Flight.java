// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

/**
 * What a recording of Flight Recorder says about time and memory. A sample belongs to the method it was in, and to the
 * Postern code that called it, however far above. Samples by processor time, which see the kernel too, are used where the
 * JVM takes them: from 25 on, on Linux.
 */
final class Flight {

    private static final String BY_CPU = "jdk.CPUTimeSample";
    private static final String BY_CLOCK = "jdk.ExecutionSample";
    private static final String ALLOCATION = "jdk.ObjectAllocationSample";
    private static final String OURS = "org.postern.";

    private final int messages;
    private final int lines;
    private final List<RecordedEvent> samples = new ArrayList<>();
    private final List<RecordedEvent> allocations = new ArrayList<>();

    /**
     * Reads a recording.
     *
     * @param messages how many messages went through meanwhile
     * @param lines how long each list is
     */
    Flight(Path recording, int messages, int lines) throws IOException {
        this.messages = messages;
        this.lines = lines;
        List<RecordedEvent> all = RecordingFile.readAllEvents(recording);
        all.stream().filter(event -> is(event, BY_CPU)).forEach(samples::add);
        if (samples.isEmpty()) {
            all.stream().filter(event -> is(event, BY_CLOCK)).forEach(samples::add);
        }
        all.stream().filter(event -> is(event, ALLOCATION)).forEach(allocations::add);
    }

    private static boolean is(RecordedEvent event, String type) {
        return event.getEventType().getName().equals(type);
    }

    /** Lists for people to read. */
    List<String> report() {
        List<String> report = new ArrayList<>();
        Shares cpu = new Shares("samples of processor time");
        list(report, cpu, samples, "by package of Postern", event -> ours(event).map(Flight::packageOf));
        list(report, cpu, samples, "by method of Postern", event -> ours(event).map(Flight::name));
        list(
                report,
                cpu,
                samples,
                "by method",
                event -> frames(event).stream().findFirst().map(Flight::name));
        list(report, cpu, samples, "by thread", Flight::thread);
        Shares octets = new Shares("octets allocated");
        list(
                report,
                octets,
                allocations,
                "by package of Postern",
                event -> ours(event).map(Flight::packageOf));
        list(
                report,
                octets,
                allocations,
                "by method of Postern",
                event -> ours(event).map(Flight::name));
        list(report, octets, allocations, "by class", Flight::allocated);
        long all = allocations.stream().mapToLong(Flight::weight).sum();
        report.add("");
        report.add(String.format(
                Locale.ROOT, "%,d messages; %,d octets allocated for each", messages, all / Math.max(1, messages)));
        return report;
    }

    /** What is counted. */
    private record Shares(String of) {}

    private interface Place {
        Optional<String> of(RecordedEvent event);
    }

    private void list(List<String> report, Shares shares, List<RecordedEvent> events, String by, Place place) {
        Map<String, Long> sums = new HashMap<>();
        events.forEach(event -> sums.merge(place.of(event).orElse("(elsewhere)"), weight(event), Long::sum));
        double all = sums.values().stream().mapToLong(Long::longValue).sum();
        report.add("");
        report.add(String.format(Locale.ROOT, "%,d %s, %s", (long) all, shares.of(), by));
        sums.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(lines)
                .map(entry ->
                        String.format(Locale.ROOT, "  %5.1f %%  %s", 100 * entry.getValue() / all, entry.getKey()))
                .forEach(report::add);
    }

    private static long weight(RecordedEvent event) {
        return is(event, ALLOCATION) ? event.getLong("weight") : 1;
    }

    private static Optional<String> allocated(RecordedEvent event) {
        RecordedClass type = event.getClass("objectClass");
        return Optional.ofNullable(type).map(RecordedClass::getName);
    }

    private static Optional<String> thread(RecordedEvent event) {
        String field = event.hasField("sampledThread") ? "sampledThread" : "eventThread";
        // Those of one kind differ in the numbers and destinations that follow.
        return Optional.ofNullable(event.getThread(field))
                .map(thread -> thread.isVirtual() ? "(virtual threads)" : String.valueOf(thread.getJavaName()))
                .map(name -> name.replaceAll("[0-9]+", "N"));
    }

    private static Optional<RecordedFrame> ours(RecordedEvent event) {
        return frames(event).stream()
                .filter(frame -> frame.getMethod().getType().getName().startsWith(OURS))
                .findFirst();
    }

    private static List<RecordedFrame> frames(RecordedEvent event) {
        RecordedStackTrace trace = event.getStackTrace();
        return trace == null ? List.of() : trace.getFrames();
    }

    private static String packageOf(RecordedFrame frame) {
        String type = frame.getMethod().getType().getName();
        return type.substring(0, type.lastIndexOf('.'));
    }

    private static String name(RecordedFrame frame) {
        return frame.getMethod().getType().getName() + "." + frame.getMethod().getName();
    }
}
