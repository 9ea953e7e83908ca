// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.language;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Every path that a reading of the configuration touched, and what was there: stamps taken before the content was read,
 * and the hash of exactly what was read, so that no change between the two can be missed.
 */
public final class Footprint {

    /** What stood at a path. */
    private record Trace(Stamp stamp, String hash, KeptContent content) {}

    /**
     * What was at all paths at one moment.
     *
     * @param stamps by path; two looks are equal if nothing changed in between
     */
    public record Look(Map<Path, ?> stamps) {}

    private static final String NOT_READ = "";

    private final Map<Path, Trace> traces = new LinkedHashMap<>();
    private final Instant taken;

    Footprint(Instant taken) {
        this.taken = taken;
    }

    void note(Path path, Stamp stamp) {
        traces.put(path, new Trace(stamp, NOT_READ, KeptContent.NONE));
    }

    void noteContent(Path path, Stamp stamp, byte[] content) {
        traces.put(path, new Trace(stamp, HexFormat.of().formatHex(sha256().digest(content)), KeptContent.of(content)));
    }

    /** What is at these paths now. */
    public Look look() {
        Map<Path, Stamp> now = new LinkedHashMap<>();
        traces.keySet().forEach(path -> now.put(path, Stamp.of(path)));
        return new Look(now);
    }

    /** Whether {@code look()} answered what it would have answered when the configuration was read. */
    public boolean looksLike(Look look) {
        Map<Path, Stamp> then = new LinkedHashMap<>();
        traces.forEach((path, trace) -> then.put(path, trace.stamp()));
        return then.equals(look.stamps());
    }

    /** Whether a file lost more than half of itself since it was read; it may be in the middle of being written. */
    public boolean shrankBy(Look look) {
        return traces.entrySet().stream()
                .anyMatch(entry -> entry.getValue().stamp() instanceof Stamp.Present before
                        && look.stamps().get(entry.getKey()) instanceof Stamp.Present now
                        && now.size() < before.size() / 2);
    }

    /**
     * The files that hold only the beginning of what they held in another reading. A file that another was put in the place
     * of by a link, as in a mounted ConfigMap, is whole however it compares.
     */
    public List<Path> cutFrom(Footprint before) {
        return traces.entrySet().stream()
                .filter(entry -> before.traces.containsKey(entry.getKey()))
                .filter(entry -> isCut(before.traces.get(entry.getKey()), entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static boolean isCut(Trace before, Trace now) {
        return before.stamp() instanceof Stamp.Present then
                && now.stamp() instanceof Stamp.Present present
                && then.real().equals(present.real())
                && now.content().isCutFrom(before.content());
    }

    /** Whether a file was so young when it was read that a later change might bear the same time. */
    public boolean isYoung() {
        return traces.values().stream().anyMatch(trace -> trace.stamp().isRecentAt(taken));
    }

    /** Whether the time of that doubt is over. */
    public boolean isOldEnoughAt(Instant now) {
        return now.isAfter(taken.plusSeconds(3));
    }

    /** Whether every path has the content that was read. Reads all files. */
    public boolean hasSameContent() {
        return traces.entrySet().stream().allMatch(entry -> sameContent(entry.getKey(), entry.getValue()));
    }

    private static boolean sameContent(Path path, Trace then) {
        Stamp now = Stamp.of(path);
        return switch (then.stamp()) {
            case Stamp.Present present ->
                now instanceof Stamp.Present && then.hash().equals(hash(path));
            case Stamp.Listing listing ->
                now instanceof Stamp.Listing other && other.names().equals(listing.names());
            case Stamp.Absent absent -> now instanceof Stamp.Absent;
        };
    }

    /** The same contents with the stamps of today. */
    public Footprint restamped(Instant now) {
        Footprint fresh = new Footprint(now);
        traces.forEach(
                (path, trace) -> fresh.traces.put(path, new Trace(Stamp.of(path), trace.hash(), trace.content())));
        return fresh;
    }

    private static String hash(Path path) {
        if (!Files.isRegularFile(path)) {
            return NOT_READ;
        }
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(path), digest)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException unreadable) {
            return NOT_READ;
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
