// SPDX-License-Identifier: Apache-2.0
package org.postern.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.BodyType;
import org.postern.spi.mail.Envelope;
import org.postern.spi.mail.MailAddress;
import org.postern.spi.spool.Draft;
import org.postern.spi.spool.Spool;

/** Puts a long queue into a spool without a relay: what takes an hour over SMTP takes minutes. */
final class SpoolFill {

    private static final int THREADS = 64;
    private static final String HEADER = "From: Load <sender@load.example>\r\nSubject: one of many\r\n\r\n";
    private static final String LINE = "x".repeat(76) + "\r\n";

    private final String phase;
    private final int messages;
    private final byte[] content;
    private final AtomicInteger next = new AtomicInteger();

    SpoolFill(String phase, int messages, int octets) {
        this.phase = phase;
        this.messages = messages;
        this.content =
                (HEADER + LINE.repeat(Math.max(1, (octets - HEADER.length()) / LINE.length()))).getBytes(US_ASCII);
    }

    /** Returns when all of it is on the disk. */
    void run(Path state) throws IOException, InterruptedException {
        try (LoneSpool lone = new LoneSpool(state);
                ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> fillers = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                fillers.add(threads.submit(() -> {
                    fill(lone.spool());
                    return null;
                }));
            }
            for (Future<?> filler : fillers) {
                filler.get();
            }
        } catch (ExecutionException failure) {
            throw new IOException("the spool was not filled: " + failure.getCause(), failure.getCause());
        }
    }

    private void fill(Spool spool) throws IOException {
        for (int number = next.getAndIncrement(); number < messages; number = next.getAndIncrement()) {
            MailAddress recipient = MailAddress.parse(SinkList.recipient(phase, number));
            Envelope envelope = new Envelope(
                    Optional.of(MailAddress.parse("sender@load.example")),
                    List.of(recipient),
                    BodyType.SEVEN_BIT,
                    false);
            try (Draft draft = spool.draft()) {
                draft.write(ByteBuffer.wrap(content));
                draft.commit(envelope, Binding.DEFAULT, Map.of(), Instant.now());
            }
        }
    }
}
