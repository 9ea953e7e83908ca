// SPDX-License-Identifier: Apache-2.0
package org.postern.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Inputs made from others by small damage, by mixing and by swelling. The same seed makes the same inputs, so that a
 * failure can be had again.
 */
final class Variations {

    /** Octets that mean something to one reader or another, and numbers at the edges. */
    private static final byte[] TELLING = {
        0,
        1,
        '\t',
        '\n',
        '\r',
        ' ',
        '"',
        '#',
        '\'',
        '(',
        ')',
        '*',
        '+',
        ',',
        '-',
        '.',
        '/',
        '0',
        '2',
        '3',
        '4',
        '5',
        '9',
        ':',
        '<',
        '=',
        '>',
        '[',
        '\\',
        ']',
        '{',
        '}',
        0x7F,
        (byte) 0x80,
        (byte) 0xC3,
        (byte) 0xE2,
        (byte) 0xF0,
        (byte) 0xFE,
        (byte) 0xFF
    };

    private static final int LONGEST = 256 * 1024;
    private static final int MOST_STEPS = 6;
    private static final int ONE_IN_SWELLS = 50;

    private final List<byte[]> seeds;
    private final Random random;

    Variations(List<byte[]> seeds, long seed) {
        this.seeds = List.copyOf(seeds);
        this.random = new Random(seed);
    }

    byte[] next() {
        byte[] input = any();
        for (int steps = 1 + random.nextInt(MOST_STEPS); steps > 0; steps--) {
            input = changed(input);
        }
        return random.nextInt(ONE_IN_SWELLS) == 0 ? swollen(input) : input;
    }

    private byte[] any() {
        return seeds.get(random.nextInt(seeds.size())).clone();
    }

    private byte[] changed(byte[] input) {
        int at = random.nextInt(input.length + 1);
        int end = Math.min(input.length, at + 1 + random.nextInt(16));
        return switch (random.nextInt(7)) {
            case 0 -> flipped(input, at);
            case 1 -> replaced(input, at, at, new byte[] {telling()});
            case 2 -> replaced(input, at, Math.min(input.length, at + 1), new byte[] {telling()});
            case 3 -> replaced(input, at, end, new byte[0]);
            case 4 -> replaced(input, at, at, Arrays.copyOfRange(input, at, end));
            case 5 -> replaced(input, at, end, slice(any()));
            default -> Arrays.copyOf(input, at);
        };
    }

    private byte[] flipped(byte[] input, int at) {
        if (at < input.length) {
            input[at] ^= (byte) (1 << random.nextInt(8));
        }
        return input;
    }

    private byte telling() {
        return TELLING[random.nextInt(TELLING.length)];
    }

    private byte[] slice(byte[] other) {
        int from = random.nextInt(other.length + 1);
        return Arrays.copyOfRange(other, from, Math.min(other.length, from + 1 + random.nextInt(64)));
    }

    private static byte[] replaced(byte[] input, int from, int to, byte[] by) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(input, 0, from);
        out.writeBytes(by);
        out.write(input, to, input.length - to);
        return out.toByteArray();
    }

    /** A piece of it many times over: what is checked only at its end costs what its size costs. */
    private byte[] swollen(byte[] input) {
        int at = random.nextInt(input.length + 1);
        byte[] piece = Arrays.copyOfRange(input, at, Math.min(input.length, at + 1 + random.nextInt(32)));
        int size = 1024 << random.nextInt(8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(input, 0, at);
        while (piece.length > 0 && out.size() < Math.min(size, LONGEST)) {
            out.writeBytes(piece);
        }
        out.write(input, at, input.length - at);
        return out.toByteArray();
    }
}
