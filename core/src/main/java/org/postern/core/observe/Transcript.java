// SPDX-License-Identifier: Apache-2.0
package org.postern.core.observe;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.postern.core.smtp.WireTap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes SMTP dialogues to a file that is safe to paste: what passes between AUTH and its final reply arrives here
 * already hidden, and content is shown as a size. Each line has the time, the number of the session and the direction.
 *
 * <p>A file that cannot be written is reported once and then left alone; mail goes on.
 *
 * <p>Threading: safe for many threads.
 */
@Singleton
public final class Transcript implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Transcript.class);

    private final Clock clock;
    private final AtomicLong sessions = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<Path> file = Optional.empty();
    private Writer writer = Writer.nullWriter();
    private volatile boolean recording;

    /** @param clock dates the lines */
    @Inject
    public Transcript(Clock clock) {
        this.clock = clock;
    }

    /** Writes to this file from now on, or to none. The file is appended to, and made for its owner alone. */
    public void recordTo(Optional<Path> wanted) {
        lock.lock();
        try {
            if (!wanted.equals(file)) {
                closeWriter();
                file = wanted;
                wanted.ifPresent(this::open);
            }
        } finally {
            lock.unlock();
        }
    }

    private void open(Path path) {
        try {
            if (Files.notExists(path)) {
                Files.createFile(
                        path,
                        PosixFilePermissions.asFileAttribute(Set.copyOf(PosixFilePermissions.fromString("rw-------"))));
            }
            writer = Files.newBufferedWriter(path, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
            recording = true;
        } catch (IOException | UnsupportedOperationException failure) {
            LOG.warn("the transcript cannot be written to {}: {}", path, failure.toString());
        }
    }

    /** A tap for one session, or none while nothing is recorded. */
    public WireTap tap(String peer) {
        if (!recording) {
            return WireTap.NONE;
        }
        Tap tap = new Tap(sessions.incrementAndGet());
        tap.note("session with " + peer);
        return tap;
    }

    private final class Tap implements WireTap {

        private final String number;

        private Tap(long number) {
            this.number = " #" + number;
        }

        @Override
        public void sent(String line) {
            write(number + " C: " + line);
        }

        @Override
        public void received(String line) {
            write(number + " S: " + line);
        }

        @Override
        public void note(String text) {
            write(number + " -- " + text);
        }
    }

    private void write(String line) {
        String whole = clock.instant().truncatedTo(ChronoUnit.MILLIS) + line + "\n";
        lock.lock();
        try {
            writer.write(whole);
            writer.flush();
        } catch (IOException failure) {
            LOG.warn("the transcript {} cannot be written any more: {}", file.orElseThrow(), failure.toString());
            closeWriter();
        } finally {
            lock.unlock();
        }
    }

    private void closeWriter() {
        recording = false;
        try {
            writer.close();
        } catch (IOException failure) {
            LOG.warn("the transcript could not be closed: {}", failure.toString());
        }
        writer = Writer.nullWriter();
    }

    @Override
    public void close() {
        recordTo(Optional.empty());
    }
}
