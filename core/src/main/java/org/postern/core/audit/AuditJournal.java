// SPDX-License-Identifier: Apache-2.0
package org.postern.core.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.postern.core.state.StateFile;
import org.postern.spi.audit.ChainedLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the audit log, behind the back of whoever has something to tell. What is told is on the disk a moment later, and all
 * of it before the engine has stopped; what came faster than the disk takes it is missing, and a line says how much.
 *
 * <p>A file that has reached its size is put aside under the time of its end and never touched again; the next one goes on
 * with its chain. The hash of the last line is noted beside the log, so that lines are missed that were cut off at its end.
 *
 * <p>Threading: safe for many threads; one thread writes.
 */
public final class AuditJournal implements Audit, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AuditJournal.class);
    private static final int MOST_WAITING = 10_000;
    private static final int MOST_AT_ONCE = 1_000;
    private static final Duration CLOSING = Duration.ofSeconds(10);
    private static final DateTimeFormatter ASIDE =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final Clock clock;
    private final BlockingQueue<Told> waiting;
    private final AtomicLong lost = new AtomicLong();
    private final CountDownLatch configured = new CountDownLatch(1);
    private final Thread writer;
    private volatile Optional<Target> wanted = Optional.empty();
    private Optional<Target> target = Optional.empty();
    private Optional<ChainedLog> log = Optional.empty();
    private boolean unforced;
    private boolean complained;

    private sealed interface Told {
        /** What happened, and when. */
        record Event(Instant when, AuditEvent event) implements Told {}

        /** Nothing more comes. */
        record End() implements Told {}
    }

    /**
     * Where the log is.
     *
     * @param file made if it is not there
     * @param mostOctets when it is put aside
     */
    public record Target(Path file, long mostOctets) {}

    /** @param clock dates the lines */
    public AuditJournal(Clock clock) {
        this(clock, MOST_WAITING);
    }

    AuditJournal(Clock clock, int mostWaiting) {
        this(clock, Thread.ofPlatform().daemon().name("postern-audit").factory(), mostWaiting);
    }

    /** @param threads makes the one that writes */
    public AuditJournal(Clock clock, ThreadFactory threads) {
        this(clock, threads, MOST_WAITING);
    }

    private AuditJournal(Clock clock, ThreadFactory threads, int mostWaiting) {
        this.clock = clock;
        this.waiting = new ArrayBlockingQueue<>(mostWaiting);
        this.writer = threads.newThread(this::write);
        writer.start();
    }

    @Override
    public void record(AuditEvent event) {
        if (!waiting.offer(new Told.Event(clock.instant(), event))) {
            lost.incrementAndGet();
        }
    }

    /** Writes there from now on, or nowhere. What was told before the first call waits for it. */
    public void writeTo(Optional<Target> file) {
        wanted = file;
        configured.countDown();
    }

    private void write() {
        try {
            configured.await();
            List<Told> batch = new ArrayList<>();
            Told first = waiting.take();
            while (!(first instanceof Told.End)) {
                batch.add(first);
                waiting.drainTo(batch, MOST_AT_ONCE);
                boolean ends = batch.removeIf(Told.End.class::isInstance);
                write(batch);
                batch.clear();
                first = ends ? new Told.End() : waiting.take();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            close(log);
        }
    }

    private void write(List<Told> batch) {
        turnTo(wanted);
        for (Told told : batch) {
            switch (told) {
                case Told.Event event -> append(event);
                case Told.End end -> {}
            }
        }
        finish();
    }

    private void turnTo(Optional<Target> file) {
        if (!file.map(Target::file).equals(target.map(Target::file))) {
            finish();
            close(log);
            log = Optional.empty();
        }
        target = file;
    }

    private void append(Told.Event event) {
        if (target.isEmpty()) {
            return;
        }
        try {
            ChainedLog open = open(target.get());
            unforced = true;
            tellOfLoss(open);
            open.append(dated(event.when(), event.event()));
            complained = false;
        } catch (IOException failed) {
            lost.incrementAndGet();
            complain(failed);
        }
    }

    private void tellOfLoss(ChainedLog open) throws IOException {
        long missing = lost.get();
        if (missing > 0) {
            open.append(dated(
                    clock.instant(),
                    AuditEvent.of(AuditEvent.Action.LOSS, "missing").with("count", Long.toString(missing))));
            lost.addAndGet(-missing);
        }
    }

    private static String dated(Instant when, AuditEvent event) {
        return "\"time\":" + ChainedLog.json(when.truncatedTo(ChronoUnit.MILLIS).toString()) + "," + event.members();
    }

    private ChainedLog open(Target where) throws IOException {
        if (log.isPresent() && log.get().size() >= where.mostOctets()) {
            putAside(where.file(), log.get());
        }
        if (log.isEmpty()) {
            Files.createDirectories(where.file().toAbsolutePath().getParent());
            log = Optional.of(ChainedLog.open(where.file(), noted(where.file())));
        }
        return log.get();
    }

    private void putAside(Path file, ChainedLog full) throws IOException {
        full.force();
        note(file, full.head());
        full.close();
        log = Optional.empty();
        Path aside = file.resolveSibling(file.getFileName() + "." + ASIDE.format(clock.instant()));
        for (int i = 1; Files.exists(aside); i++) {
            aside = file.resolveSibling(file.getFileName() + "." + ASIDE.format(clock.instant()) + "-" + i);
        }
        Files.move(file, aside);
        LOG.info("the audit log {} is full and was put aside as {}", file, aside);
    }

    /** Where a chain goes on whose last file was put aside. */
    private static String noted(Path file) throws IOException {
        return AuditHead.of(file).orElse("");
    }

    private static void note(Path file, String head) throws IOException {
        new StateFile(file.toAbsolutePath().getParent(), AuditHead.name(file)).replace(head + "\n");
    }

    private void finish() {
        if (log.isEmpty() || !unforced) {
            return;
        }
        unforced = false;
        try {
            log.get().force();
            note(target.orElseThrow().file(), log.get().head());
        } catch (IOException failed) {
            complain(failed);
        }
    }

    private void complain(IOException failed) {
        if (!complained) {
            LOG.error(
                    "the audit log {} cannot be written; mail goes on: {}",
                    target.orElseThrow().file(),
                    failed.toString());
        }
        complained = true;
        close(log);
        log = Optional.empty();
    }

    private static void close(Optional<ChainedLog> open) {
        try {
            if (open.isPresent()) {
                open.get().close();
            }
        } catch (IOException failure) {
            LOG.warn("the audit log could not be closed: {}", failure.toString());
        }
    }

    /** Writes everything that was told. */
    @Override
    public void close() {
        configured.countDown();
        try {
            if (!waiting.offer(new Told.End(), CLOSING.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.error("the audit log could not be ended: {} events were not written", waiting.size());
            }
            writer.join(CLOSING.toMillis());
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
