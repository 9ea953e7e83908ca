// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.settings;

/**
 * A text that lets itself be read only so often. A matcher that tries one way after the other through a text, as
 * {@code java.util.regex} does, reads it again for each of them; the number of reads bounds its work.
 */
final class BoundedText implements CharSequence {

    /** The reads were used up. */
    static final class Exhausted extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private Exhausted() {
            super(null, null, false, false);
        }
    }

    private final String text;
    private int readsLeft;

    BoundedText(String text, int reads) {
        this.text = text;
        this.readsLeft = reads;
    }

    @Override
    public char charAt(int index) {
        if (--readsLeft < 0) {
            throw new Exhausted();
        }
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.substring(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
