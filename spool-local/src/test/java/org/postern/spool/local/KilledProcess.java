// SPDX-License-Identifier: Apache-2.0
package org.postern.spool.local;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.postern.spi.mail.MessageId;

/** Uses a spool until it is killed, and says what was promised, one line per promise, each in one write. */
final class KilledProcess {

    static final SpoolOptions OPTIONS = new SpoolOptions(1 << 20, 1 << 16, 64 << 10, 0, 1 << 16);

    private static final int THREADS = 16;

    private KilledProcess() {}

    static byte[] content(long seed) {
        return Mail.content(seed, seed % 50 == 0 ? 100_000 : (int) (seed % 7919));
    }

    /** Takes the directory and a number that no earlier life had. */
    public static void main(String[] arguments) throws IOException {
        LocalSpool spool = LocalSpool.open(
                DirectoryDisk.take(Path.of(arguments[0])), OPTIONS, InstantSource.system(), Mail.ALL_HELD);
        FileOutputStream out = new FileOutputStream(FileDescriptor.out);
        for (int thread = 0; thread < THREADS; thread++) {
            long first = (Long.parseLong(arguments[1]) * THREADS + thread) * 1_000_000;
            Thread.ofPlatform().start(() -> use(spool, out, first));
        }
    }

    private static void use(LocalSpool spool, FileOutputStream out, long first) {
        try {
            for (long seed = first; ; seed++) {
                MessageId id = Mail.accept(spool, 2, content(seed)).id();
                say(out, "accepted", id, seed);
                if (seed % 3 != 0) {
                    say(out, "ending", id, seed);
                    spool.record(id, List.of(Mail.settled(0)));
                    spool.record(id, List.of(Mail.settled(1)));
                    say(out, "ended", id, seed);
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void say(FileOutputStream out, String what, MessageId id, long seed) throws IOException {
        out.write((what + " " + id + " " + seed + " .\n").getBytes(StandardCharsets.US_ASCII));
    }
}
