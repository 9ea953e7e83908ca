// SPDX-License-Identifier: Apache-2.0
package org.postern.core.cluster;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * What one relay wants others to do.
 *
 * @param by what operators call the node that asks
 * @param to the relays that are asked
 * @param words a verb and what follows it
 * @param withdrawn whether nobody wants an answer any more
 */
record Question(String by, Set<String> to, List<String> words, boolean withdrawn) {

    static final String TOPIC = "question";

    /** A relay of another version is silent rather than wrong. */
    private static final int VERSION = 1;

    private static final int LONGEST_WORD = 1024 * 1024;
    private static final int MOST_WORDS = 10_000;

    Question {
        to = Set.copyOf(to);
        words = List.copyOf(words);
    }

    Question asWithdrawn() {
        return new Question(by, to, words, true);
    }

    byte[] encoded() {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        octets.write(VERSION);
        try (DataOutputStream packed = new DataOutputStream(new DeflaterOutputStream(octets))) {
            packed.writeBoolean(withdrawn);
            write(packed, List.of(by));
            write(packed, List.copyOf(to));
            write(packed, words);
        } catch (IOException impossible) {
            throw new IllegalStateException("memory takes everything", impossible);
        }
        return octets.toByteArray();
    }

    private static void write(DataOutputStream packed, List<String> texts) throws IOException {
        packed.writeInt(texts.size());
        for (String text : texts) {
            byte[] octets = text.getBytes(StandardCharsets.UTF_8);
            packed.writeInt(octets.length);
            packed.write(octets);
        }
    }

    /** @throws IOException if it is of another version, or nothing that a relay writes */
    static Question decoded(byte[] value) throws IOException {
        ByteArrayInputStream octets = new ByteArrayInputStream(value);
        if (octets.read() != VERSION) {
            throw new IOException("a question of another version");
        }
        try (DataInputStream packed = new DataInputStream(new InflaterInputStream(octets))) {
            boolean withdrawn = packed.readBoolean();
            List<String> by = read(packed);
            List<String> to = read(packed);
            List<String> words = read(packed);
            if (by.size() != 1 || words.isEmpty()) {
                throw new IOException("a question without a verb or an asker");
            }
            return new Question(by.getFirst(), Set.copyOf(to), words, withdrawn);
        }
    }

    private static List<String> read(DataInputStream packed) throws IOException {
        int count = within(packed.readInt(), MOST_WORDS);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(new String(packed.readNBytes(within(packed.readInt(), LONGEST_WORD)), StandardCharsets.UTF_8));
        }
        return texts;
    }

    private static int within(int count, int most) throws IOException {
        if (count < 0 || count > most) {
            throw new IOException("a question of " + count + " words or octets");
        }
        return count;
    }
}
