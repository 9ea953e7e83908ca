// SPDX-License-Identifier: Apache-2.0
package org.postern.core.cluster;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.postern.spi.cluster.SharedRegisters;

/**
 * Packs what a verb prints and what it came to, for another node. What is too much is left out, and the result says so: of
 * results what comes after some megabytes, of errors after some kilobytes, so that the one does not crowd out the other.
 *
 * <p>Threading: one thread at a time.
 */
final class PackedOutput {

    /** Octets of results, packed. */
    static final int MOST_PACKED = 256 * SharedRegisters.LONGEST_VALUE;

    private static final int MOST_ERRORS = 64 * 1024;
    private static final int FRAME = 8 * 1024;
    /** A name on a command line may be longer than a frame. */
    private static final int LONGEST = 1024 * 1024;

    private static final int FAILED = 1;

    private static final int OUT = 'O';
    private static final int ERR = 'E';
    private static final int END = 'X';

    private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
    private final DataOutputStream frames = new DataOutputStream(new DeflaterOutputStream(octets));
    private final PrintStream out = stream(OUT);
    private final PrintStream err = stream(ERR);
    private final int most;
    private int errors;
    private boolean cut;

    /** @param most octets of results, packed */
    PackedOutput(int most) {
        this.most = most;
    }

    PrintStream out() {
        return out;
    }

    PrintStream err() {
        return err;
    }

    private PrintStream stream(int kind) {
        return new PrintStream(
                new BufferedOutputStream(
                        new OutputStream() {

                            @Override
                            public void write(int octet) throws IOException {
                                write(new byte[] {(byte) octet}, 0, 1);
                            }

                            @Override
                            public void write(byte[] piece, int from, int length) throws IOException {
                                for (int at = 0; at < length; at += FRAME) {
                                    frame(kind, piece, from + at, Math.min(FRAME, length - at));
                                }
                            }
                        },
                        FRAME),
                false,
                StandardCharsets.UTF_8);
    }

    private void frame(int kind, byte[] piece, int from, int length) throws IOException {
        errors += kind == ERR ? length : 0;
        if (kind == ERR ? errors > MOST_ERRORS : octets.size() > most) {
            cut = true;
            return;
        }
        frames.writeByte(kind);
        frames.writeInt(length);
        frames.write(piece, from, length);
    }

    /** All of it. Nothing may be printed any more. */
    byte[] finish(VerbResult result) {
        out.flush();
        err.flush();
        try (frames) {
            frames.writeByte(END);
            frames.writeInt(result.code());
            frames.writeBoolean(cut);
            frames.writeInt(result.missing().size());
            for (String name : result.missing()) {
                byte[] text = name.getBytes(StandardCharsets.UTF_8);
                frames.writeInt(text.length);
                frames.write(text);
            }
        } catch (IOException impossible) {
            throw new IllegalStateException("memory takes everything", impossible);
        }
        return octets.toByteArray();
    }

    /**
     * What was packed, printed.
     *
     * @return what the verb came to; what was cut has failed
     * @throws IOException if it is not what was packed
     */
    static Round.Summary unpack(InputStream packed, OutputStream out, OutputStream err) throws IOException {
        DataInputStream frames = new DataInputStream(new InflaterInputStream(packed));
        while (true) {
            int kind = frames.readByte();
            switch (kind) {
                case OUT -> out.write(read(frames));
                case ERR -> err.write(read(frames));
                case END -> {
                    return end(frames);
                }
                default -> throw new IOException("an answer of another version");
            }
        }
    }

    private static Round.Summary end(DataInputStream frames) throws IOException {
        int code = frames.readInt();
        boolean cut = frames.readBoolean();
        int count = frames.readInt();
        Set<String> missing = new HashSet<>();
        for (int i = 0; i < count; i++) {
            missing.add(new String(read(frames), StandardCharsets.UTF_8));
        }
        return new Round.Summary(new VerbResult(cut ? Math.max(code, FAILED) : code, missing), cut);
    }

    private static byte[] read(DataInputStream frames) throws IOException {
        int length = frames.readInt();
        if (length < 0 || length > LONGEST) {
            throw new IOException("an answer with " + length + " octets in one piece");
        }
        byte[] piece = new byte[length];
        frames.readFully(piece);
        return piece;
    }
}
