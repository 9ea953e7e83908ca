// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.control;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What goes over the control socket. A request is {@link #MAGIC}, the number of words, and each word with its length; then
 * only answers to {@link #WANT} follow, each a length and that many octets, none meaning the end of the input. What comes
 * back are frames: a kind, a length, and that many octets. Numbers are of four octets, highest first.
 */
final class Wire {

    /** The first octets of a request; the last one counts versions. */
    static final byte[] MAGIC = {'P', 'O', 'S', 'T', 'E', 'R', 'N', 1};

    /** A frame of the standard output. */
    static final byte OUT = 'O';

    /** A frame of the error output. */
    static final byte ERR = 'E';

    /** A frame that asks for input: the most octets that are wanted. */
    static final byte WANT = 'W';

    /** The last frame: the exit code. */
    static final byte EXIT = 'X';

    static final int MOST_WORDS = 1_000;
    static final int MOST_OCTETS = 1024 * 1024;
    static final int FRAME = 16 * 1024;

    private Wire() {}

    static void writeRequest(DataOutputStream out, List<String> words) throws IOException {
        out.write(MAGIC);
        out.writeInt(words.size());
        for (String word : words) {
            byte[] octets = word.getBytes(StandardCharsets.UTF_8);
            out.writeInt(octets.length);
            out.write(octets);
        }
        out.flush();
    }

    /** Reads a request, or fails on anything else before much of it is read. */
    static List<String> readRequest(DataInputStream in) throws IOException {
        byte[] magic = in.readNBytes(MAGIC.length);
        if (!Arrays.equals(magic, MAGIC)) {
            throw new IOException("not a request of this version");
        }
        int count = within(in.readInt(), 1, MOST_WORDS, "words");
        List<String> words = new ArrayList<>();
        int room = MOST_OCTETS;
        for (int i = 0; i < count; i++) {
            int length = within(in.readInt(), 0, room, "octets");
            room -= length;
            words.add(new String(exactly(in, length), StandardCharsets.UTF_8));
        }
        return words;
    }

    static byte[] exactly(DataInputStream in, int length) throws IOException {
        byte[] octets = in.readNBytes(length);
        if (octets.length < length) {
            throw new EOFException();
        }
        return octets;
    }

    static int within(int value, int least, int most, String what) throws IOException {
        if (value < least || value > most) {
            throw new IOException(value + " " + what + ", between " + least + " and " + most + " are allowed");
        }
        return value;
    }

    static void writeFrame(DataOutputStream out, byte kind, byte[] octets, int from, int length) throws IOException {
        synchronized (out) {
            out.writeByte(kind);
            out.writeInt(length);
            out.write(octets, from, length);
            out.flush();
        }
    }
}
