// SPDX-License-Identifier: Apache-2.0
package org.postern.core.limits;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.postern.core.limits.LimitUsage.Shortage;

/** What one account was used for, of each kind and in each window. Guarded by its owner's lock. */
final class Counts {

    private static final int FORMAT = 1;
    private static final int MOST_KINDS = Counted.values().length * Rate.Window.values().length;
    private static final int MOST_PARTS = 1_000;

    private final Map<Kind, SlidingCount> kinds = new HashMap<>();
    private final boolean shared;

    /** What is counted together. */
    record Kind(Counted counted, Rate.Window window) {

        static Kind of(Rate rate) {
            return new Kind(rate.counted(), rate.window());
        }
    }

    /** @param shared whether it is counted by clocks that agree but roughly */
    Counts(boolean shared) {
        this.shared = shared;
    }

    /** As they were kept. */
    void put(Kind kind, Map<Long, Long> parts) {
        kinds.put(kind, new SlidingCount(kind.window().length(), parts, shared));
    }

    /** What lasts longest of what stands against so many more of each. */
    Optional<Shortage> shortage(CredentialLimits limits, Map<Counted, Long> wanted, Instant now) {
        return limits.rates().stream()
                .filter(rate -> wanted.containsKey(rate.counted()))
                .flatMap(rate -> shortage(rate, wanted.get(rate.counted()), now).stream())
                .max(Comparator.comparing(Shortage::until));
    }

    private Optional<Shortage> shortage(Rate rate, long wanted, Instant now) {
        SlidingCount count = count(rate);
        long before = Math.max(0, rate.most() - wanted);
        return count.at(now) <= before
                ? Optional.empty()
                : Optional.of(new Shortage("has used up its limit " + rate, count.downTo(before, now)));
    }

    void add(CredentialLimits limits, Map<Counted, Long> wanted, Instant now) {
        for (Rate rate : limits.rates()) {
            if (wanted.containsKey(rate.counted())) {
                count(rate).add(wanted.get(rate.counted()), now);
            }
        }
    }

    void takeBack(CredentialLimits limits, Map<Counted, Long> unused) {
        for (Rate rate : limits.rates()) {
            count(rate).takeBack(unused.getOrDefault(rate.counted(), 0L));
        }
    }

    long used(Rate rate, Instant now) {
        return count(rate).at(now);
    }

    private SlidingCount count(Rate rate) {
        return kinds.computeIfAbsent(
                Kind.of(rate), kind -> new SlidingCount(kind.window().length(), shared));
    }

    /** Whether nothing counts any more. */
    boolean isOver(Instant now) {
        kinds.values().removeIf(count -> count.at(now) == 0);
        return kinds.isEmpty();
    }

    void forEach(BiConsumer<Kind, Map<Long, Long>> consumer) {
        kinds.forEach((kind, count) -> consumer.accept(kind, new TreeMap<>(count.parts())));
    }

    /** For others. */
    byte[] encoded(Instant now) {
        isOver(now);
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(octets)) {
            out.writeByte(FORMAT);
            out.writeByte(kinds.size());
            for (Map.Entry<Kind, SlidingCount> one : kinds.entrySet()) {
                out.writeByte(one.getKey().counted().ordinal());
                out.writeByte(one.getKey().window().letter());
                write(out, one.getValue().parts());
            }
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        return octets.toByteArray();
    }

    private static void write(DataOutputStream out, TreeMap<Long, Long> parts) throws IOException {
        long first = parts.firstKey();
        out.writeLong(first);
        out.writeShort(parts.size());
        for (Map.Entry<Long, Long> part : parts.entrySet()) {
            out.writeShort((int) (part.getKey() - first));
            out.writeInt((int) Math.min(Integer.MAX_VALUE, part.getValue()));
        }
    }

    /**
     * From others.
     *
     * @throws IOException if it is of no form that is known here
     */
    static Counts decoded(byte[] octets) throws IOException {
        Counts counts = new Counts(true);
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(octets))) {
            require(in.readByte() == FORMAT);
            int size = in.readByte();
            require(size >= 0 && size <= MOST_KINDS);
            for (int i = 0; i < size; i++) {
                int counted = in.readByte();
                require(counted >= 0 && counted < Counted.values().length);
                Rate.Window window = Rate.Window.of((char) in.readByte());
                counts.put(new Kind(Counted.values()[counted], window), parts(in));
            }
        } catch (IllegalArgumentException unknown) {
            throw new IOException("counts of a form that is not known here", unknown);
        }
        return counts;
    }

    private static Map<Long, Long> parts(DataInputStream in) throws IOException {
        long first = in.readLong();
        int size = in.readShort();
        require(size >= 0 && size <= MOST_PARTS);
        Map<Long, Long> parts = new TreeMap<>();
        for (int i = 0; i < size; i++) {
            long part = first + in.readUnsignedShort();
            int count = in.readInt();
            require(count > 0);
            parts.put(part, (long) count);
        }
        return parts;
    }

    private static void require(boolean holds) throws IOException {
        if (!holds) {
            throw new IOException("counts of a form that is not known here");
        }
    }
}
