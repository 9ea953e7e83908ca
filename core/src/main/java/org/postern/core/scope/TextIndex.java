// SPDX-License-Identifier: Apache-2.0
package org.postern.core.scope;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Tells in one pass over a name which of many texts it may contain. Each text is filed under one of its runs of three
 * characters, the one that fewest texts have, so that most names meet none of them. Shorter texts may be in any name.
 *
 * <p>Threading: immutable.
 */
final class TextIndex {

    private static final int RUN = 3;
    private static final int SLOTS_PER_TEXT = 64;
    private static final int GOLDEN_RATIO = 0x9E3779B9;

    private final int shift;
    private final BitSet[] filed;
    private final BitSet anywhere = new BitSet();

    /** @param texts what is looked for; a text is answered by its number in the list */
    TextIndex(List<String> texts) {
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(SLOTS_PER_TEXT * texts.size() + 1);
        shift = Integer.SIZE - bits;
        filed = new BitSet[1 << bits];
        int[] frequency = new int[filed.length];
        texts.forEach(text -> slots(text).distinct().forEach(slot -> frequency[slot]++));
        for (int number = 0; number < texts.size(); number++) {
            int[] slots = slots(texts.get(number)).toArray();
            file(number, Arrays.stream(slots).boxed().min((a, b) -> frequency[a] - frequency[b]));
        }
    }

    private void file(int number, Optional<Integer> rarest) {
        rarest.map(slot -> filed[slot] == null ? filed[slot] = new BitSet() : filed[slot])
                .orElse(anywhere)
                .set(number);
    }

    private IntStream slots(String text) {
        return IntStream.rangeClosed(0, text.length() - RUN).map(from -> slot(text, from));
    }

    private int slot(String text, int from) {
        int run = (text.charAt(from) * 31 + text.charAt(from + 1)) * 31 + text.charAt(from + 2);
        return run * GOLDEN_RATIO >>> shift;
    }

    /** Numbers of texts that may be in the name, not to be changed; all others are certainly not in it. */
    BitSet candidates(String name) {
        BitSet found = anywhere;
        for (int from = 0; from <= name.length() - RUN; from++) {
            BitSet here = filed[slot(name, from)];
            if (here != null) {
                found = union(found, here);
            }
        }
        return found;
    }

    private BitSet union(BitSet found, BitSet here) {
        BitSet both = found == anywhere ? (BitSet) anywhere.clone() : found;
        both.or(here);
        return both;
    }
}
