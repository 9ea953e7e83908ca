// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A disk in memory that knows which octets and names were flushed. It can fail at its n-th change, or at its n-th call of
 * any kind, for once or from there on, and it can lose power there; {@link #afterPowerCut} then gives one of the many disks that may be found: what was
 * flushed, and of the rest any sectors and any names.
 */
final class SimulatedDisk implements Disk {

    static final int SECTOR = 512;

    enum Fault {
        NONE,
        ERROR,
        FULL,
        SHORT,
        /** No file can be opened or made, and the directory not be flushed, which takes a descriptor as well. */
        DESCRIPTORS,
        POWER
    }

    private Map<String, Node> names = new TreeMap<>();
    private Map<String, Node> durableNames = new TreeMap<>();
    private final List<NameChange> unflushedNames = new ArrayList<>();
    private Fault fault = Fault.NONE;
    private int faultAt;
    private boolean lasting;
    private boolean everyCall;
    private boolean forcedAgain;
    private boolean dead;
    private int changes;
    private long capacity = Long.MAX_VALUE / 2;
    private boolean allocatesLate;
    private long usable = Long.MAX_VALUE / 2;

    private record NameChange(String name, Node node) {}

    /** A write, or a cut where there are no octets. */
    private record Write(long position, byte[] octets) {}

    private static final class Node {
        private byte[] octets = {};
        private byte[] durable = {};
        private boolean inDoubt;
        private final List<Write> unflushed = new ArrayList<>();

        private static byte[] apply(byte[] to, Write write) {
            if (write.octets() == null) {
                return Arrays.copyOf(to, (int) write.position());
            }
            int end = (int) write.position() + write.octets().length;
            byte[] result = end > to.length ? Arrays.copyOf(to, end) : to.clone();
            System.arraycopy(write.octets(), 0, result, (int) write.position(), write.octets().length);
            return result;
        }
    }

    synchronized SimulatedDisk failing(Fault kind, int at, boolean fromThenOn) {
        fault = kind;
        faultAt = at;
        lasting = fromThenOn;
        everyCall = false;
        changes = 0;
        return this;
    }

    /** Likewise at the n-th call, be it to read, to list or to ask; these are counted as well from here on. */
    synchronized SimulatedDisk failingAtCall(Fault kind, int at, boolean fromThenOn) {
        failing(kind, at, fromThenOn);
        everyCall = true;
        return this;
    }

    /** Whether a flush was tried again that had failed, which the kernel may well call a success. */
    synchronized boolean isForcedAgain() {
        return forcedAgain;
    }

    /** What a process could not flush the next one may try to flush: it has promised nothing yet that hangs on it. */
    synchronized void usedByAnotherProcess() {
        names.values().forEach(node -> node.inDoubt = false);
    }

    /** Changes, or calls, since the failure was ordered. */
    synchronized int changes() {
        return changes;
    }

    synchronized boolean isDead() {
        return dead;
    }

    synchronized void usable(long octets) {
        usable = octets;
    }

    /** Lets the disk be full from here on. */
    synchronized void fill() {
        withCapacity(used());
    }

    /** Lets the disk be full once its files hold this much. */
    synchronized SimulatedDisk withCapacity(long octets) {
        capacity = octets;
        return this;
    }

    /** As file systems do that look for room only when a file is flushed. */
    synchronized SimulatedDisk allocatingLate() {
        allocatesLate = true;
        return this;
    }

    private long used() {
        return names.values().stream().mapToLong(node -> node.octets.length).sum();
    }

    synchronized byte[] octets(String name) {
        return names.get(name).octets.clone();
    }

    synchronized void replace(String name, byte[] octets) {
        Node node = new Node();
        node.octets = octets.clone();
        node.durable = node.octets;
        names.put(name, node);
        durableNames.put(name, node);
    }

    /** Changes the last octet that is not zero of the only file with this ending. */
    synchronized void flipLastBitOf(String ending) {
        String name = names.keySet().stream()
                .filter(n -> n.endsWith(ending))
                .findFirst()
                .orElseThrow();
        byte[] octets = names.get(name).octets;
        int at = octets.length - 1;
        while (octets[at] == 0) {
            at--;
        }
        octets[at] ^= 1;
    }

    /** Changes the last octet of this text where it stands first, in whichever file. */
    synchronized void flipLastBitOf(byte[] text) {
        for (Node node : names.values()) {
            int at = indexOf(node.octets, text);
            if (at >= 0) {
                node.octets[at + text.length - 1] ^= 1;
                return;
            }
        }
        throw new AssertionError("no file has it");
    }

    private static int indexOf(byte[] octets, byte[] text) {
        for (int at = 0; at + text.length <= octets.length; at++) {
            if (Arrays.equals(octets, at, at + text.length, text, 0, text.length)) {
                return at;
            }
        }
        return -1;
    }

    /** The disk as a killed process leaves it. */
    synchronized SimulatedDisk afterKill() {
        SimulatedDisk next = new SimulatedDisk();
        names.forEach((name, node) -> next.replace(name, node.octets));
        return next;
    }

    /** The disk as a power cut leaves it; each sector and name that was not flushed is there with this chance. */
    synchronized SimulatedDisk afterPowerCut(Random random, double chance) {
        Map<String, Node> left = new TreeMap<>(durableNames);
        for (NameChange change : unflushedNames) {
            if (random.nextDouble() < chance) {
                if (change.node() == null) {
                    left.remove(change.name());
                } else {
                    left.put(change.name(), change.node());
                }
            }
        }
        SimulatedDisk next = new SimulatedDisk();
        left.forEach((name, node) -> next.replace(name, survivors(node, random, chance)));
        return next;
    }

    private static byte[] survivors(Node node, Random random, double chance) {
        byte[] octets = node.durable.clone();
        for (Write write : node.unflushed) {
            if (write.octets() == null) {
                octets = random.nextDouble() < chance && write.position() < octets.length
                        ? Arrays.copyOf(octets, (int) write.position())
                        : octets;
                continue;
            }
            long end = write.position() + write.octets().length;
            for (long at = write.position(); at < end; ) {
                long sectorEnd = Math.min(end, (at / SECTOR + 1) * SECTOR);
                if (random.nextDouble() < chance) {
                    int from = (int) (at - write.position());
                    byte[] sector = Arrays.copyOfRange(write.octets(), from, from + (int) (sectorEnd - at));
                    octets = Node.apply(octets, new Write(at, sector));
                }
                at = sectorEnd;
            }
        }
        return octets;
    }

    /** Counts a change and says what goes wrong with it. */
    private Fault change() throws IOException {
        if (dead) {
            throw new IOException("no power");
        }
        changes++;
        boolean now = fault != Fault.NONE && (lasting ? changes >= faultAt : changes == faultAt);
        if (now && fault == Fault.POWER) {
            dead = true;
        }
        return now ? fault : Fault.NONE;
    }

    private void changeOrFail() throws IOException {
        raise(change());
    }

    /** A call that changes nothing. */
    private Fault look() throws IOException {
        Fault now = everyCall ? change() : Fault.NONE;
        if (now == Fault.ERROR || now == Fault.POWER) {
            raise(now);
        }
        return now;
    }

    /** A call that takes a descriptor. */
    private static void open(Fault now) throws IOException {
        if (now == Fault.DESCRIPTORS) {
            throw new IOException("simulated: too many open files");
        }
    }

    private static void raise(Fault now) throws IOException {
        switch (now) {
            case ERROR, POWER -> throw new IOException("simulated input/output error");
            case FULL -> throw new DiskFullException(new IOException("simulated: no space left"));
            case NONE, SHORT, DESCRIPTORS -> {}
        }
    }

    @Override
    public synchronized List<String> list() throws IOException {
        open(look());
        return List.copyOf(names.keySet());
    }

    @Override
    public synchronized DiskFile create(String name) throws IOException {
        Fault now = change();
        open(now);
        raise(now);
        if (names.containsKey(name)) {
            throw new IOException(name + " exists");
        }
        Node node = new Node();
        names.put(name, node);
        unflushedNames.add(new NameChange(name, node));
        return new Handle(node);
    }

    @Override
    public synchronized DiskFile open(String name) throws IOException {
        open(look());
        Node node = names.get(name);
        if (node == null) {
            throw new FileNotFoundException(name);
        }
        return new Handle(node);
    }

    @Override
    public synchronized void delete(String name) throws IOException {
        changeOrFail();
        names.remove(name);
        unflushedNames.add(new NameChange(name, null));
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        changeOrFail();
        Node node = names.remove(from);
        names.put(to, node);
        unflushedNames.add(new NameChange(from, null));
        unflushedNames.add(new NameChange(to, node));
    }

    @Override
    public synchronized void forceDirectory() throws IOException {
        Fault now = change();
        open(now);
        raise(now);
        durableNames = new TreeMap<>(names);
        unflushedNames.clear();
    }

    @Override
    public synchronized long usableSpace() throws IOException {
        look();
        return Math.min(usable, capacity - used());
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return "simulated";
    }

    private final class Handle implements DiskFile {

        private final Node node;
        private boolean closed;

        Handle(Node node) {
            this.node = node;
        }

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            synchronized (SimulatedDisk.this) {
                if (closed) {
                    throw new ClosedChannelException();
                }
                Fault now = look();
                if (position >= node.octets.length) {
                    return -1;
                }
                int most = now == Fault.SHORT ? (into.remaining() + 1) / 2 : into.remaining();
                int length = (int) Math.min(most, node.octets.length - position);
                into.put(node.octets, (int) position, length);
                return length;
            }
        }

        @Override
        public int write(ByteBuffer from, long position) throws IOException {
            synchronized (SimulatedDisk.this) {
                long grown = Math.max(0, position + from.remaining() - node.octets.length);
                Fault now = !allocatesLate && used() + grown > capacity ? Fault.FULL : change();
                boolean whole = now == Fault.NONE || now == Fault.DESCRIPTORS;
                int length = whole ? from.remaining() : (from.remaining() + 1) / 2;
                byte[] octets = new byte[length];
                from.get(octets);
                Write write = new Write(position, octets);
                node.unflushed.add(write);
                node.octets = Node.apply(node.octets, write);
                raise(now);
                return length;
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            synchronized (SimulatedDisk.this) {
                changeOrFail();
                if (size < node.octets.length) {
                    Write write = new Write(size, null);
                    node.unflushed.add(write);
                    node.octets = Node.apply(node.octets, write);
                }
            }
        }

        /** A flush that fails leaves the octets readable and in doubt for ever, as Linux does. */
        @Override
        public void force() throws IOException {
            synchronized (SimulatedDisk.this) {
                Fault now = allocatesLate && used() > capacity ? Fault.FULL : change();
                forcedAgain |= node.inDoubt;
                if (now == Fault.ERROR || now == Fault.FULL) {
                    node.inDoubt = true;
                    node.unflushed.removeIf(write -> write.octets() != null);
                }
                raise(now);
                for (Write write : node.unflushed) {
                    node.durable = Node.apply(node.durable, write);
                }
                node.unflushed.clear();
            }
        }

        @Override
        public long size() throws IOException {
            synchronized (SimulatedDisk.this) {
                look();
                return node.octets.length;
            }
        }

        @Override
        public void close() {
            synchronized (SimulatedDisk.this) {
                closed = true;
            }
        }
    }
}
