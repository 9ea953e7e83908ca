// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

import java.util.Arrays;

/** Keeps a message up to a limit, or only counts it. Used again and again by one thread. */
final class ContentBuffer implements ContentSink {

    private static final int FIRST_SIZE = 8 * 1024;
    private static final int LARGEST_TO_KEEP = 1 << 20;

    private final boolean countOnly;
    private final long most;
    private byte[] content;
    private long size;

    ContentBuffer(boolean countOnly, long most) {
        this.countOnly = countOnly;
        this.most = most;
        this.content = new byte[countOnly ? 0 : FIRST_SIZE];
    }

    @Override
    public void write(byte[] octets, int from, int count) {
        if (!countOnly && size + count <= most) {
            ensure(Math.toIntExact(size + count));
            System.arraycopy(octets, from, content, (int) size, count);
        }
        size += count;
    }

    private void ensure(int wanted) {
        if (wanted > content.length) {
            content = Arrays.copyOf(
                    content, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(wanted, content.length * 2L)));
        }
    }

    boolean tooBig() {
        return size > most;
    }

    byte[] copy() {
        return Arrays.copyOf(content, (int) size);
    }

    void clear() {
        size = 0;
        if (content.length > LARGEST_TO_KEEP) {
            content = new byte[FIRST_SIZE];
        }
    }
}
