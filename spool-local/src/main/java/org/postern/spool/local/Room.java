// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.postern.spi.spool.SpoolFullException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much may still be accepted. A file of real octets is kept as a reserve: on a full disk it is given up so that what
 * became of accepted mail can be written, and no new mail is accepted until it is back.
 *
 * <p>Threading: safe for many threads.
 */
final class Room {

    private static final Logger LOG = LoggerFactory.getLogger(Room.class);
    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Disk disk;
    private final long reserve;
    private volatile long minFree;
    private volatile boolean reserveHeld;
    private volatile long usable;
    private volatile long askedAt = System.nanoTime() - FRESH_NANOS;

    Room(Disk disk, SpoolOptions options) {
        this.disk = disk;
        this.minFree = options.minFree();
        this.reserve = options.reserve();
    }

    void keepFree(long octets) {
        minFree = octets;
    }

    /**
     * Asks whether new mail may be written.
     *
     * @throws SpoolFullException if not
     */
    void check(long octets) throws IOException {
        if (!reserveHeld) {
            throw new SpoolFullException("the disk of spool " + disk + " was full and has not enough room yet");
        }
        if (usable() - octets < minFree) {
            throw new SpoolFullException("less than " + (minFree >> 20) + " MB are left on the disk of spool " + disk);
        }
    }

    /** Octets of new mail that may be written. */
    long remaining() {
        try {
            return reserveHeld ? Math.max(0, usable() - minFree) : 0;
        } catch (IOException unknown) {
            return 0;
        }
    }

    private long usable() throws IOException {
        long now = System.nanoTime();
        if (now - askedAt >= FRESH_NANOS) {
            usable = disk.usableSpace();
            askedAt = now;
        }
        return usable;
    }

    /** Lets go of the reserve, if there is one. The directory is flushed, since only then the room is there. */
    void giveUpReserve() {
        if (!reserveHeld) {
            return;
        }
        reserveHeld = false;
        try {
            disk.delete(Names.RESERVE);
            disk.forceDirectory();
        } catch (IOException failure) {
            LOG.warn("spool {}: the reserve could not be given up: {}", disk, failure.toString());
        }
    }

    /** Makes the reserve, if it is missing and there is room for it and more. */
    void restoreReserve() {
        try {
            if (!reserveHeld && disk.usableSpace() >= minFree + 2 * reserve) {
                disk.delete(Names.RESERVE);
                fillReserve();
                reserveHeld = true;
                askedAt = System.nanoTime() - FRESH_NANOS;
            }
        } catch (IOException failure) {
            LOG.warn("spool {}: the reserve could not be made: {}", disk, failure.toString());
        }
    }

    /** Real octets: on many file systems a hole reserves nothing. */
    private void fillReserve() throws IOException {
        try (DiskFile file = disk.create(Names.RESERVE)) {
            ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(reserve, 1 << 20));
            for (long at = 0; at < reserve; at += zeros.capacity()) {
                file.writeFully(zeros.clear(), at);
            }
            file.force();
        }
    }
}
