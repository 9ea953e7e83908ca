// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.settings;

import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text that lets itself be read only so often. A matcher that tries one way after the other through a text, as
 * {@code java.util.regex} does, reads it again for each of them; the number of reads bounds its work.
 */
public final class BoundedText implements CharSequence {

    /** The reads were used up. */
    static final class Exhausted extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private Exhausted() {
            super(null, null, false, false);
        }
    }

    /** How often the characters of a text are read in one search: far oftener than an honest pattern needs. */
    static final int READS = 200_000;

    private final String text;
    private int readsLeft;

    /**
     * Looks for an operator's pattern in a stranger's text, within a bound of about a millisecond.
     *
     * @return the first place where it occurs; nothing if there is none, or that could not be told within the bound
     */
    public static Optional<MatchResult> find(Pattern pattern, String text) {
        try {
            Matcher matcher = pattern.matcher(new BoundedText(text, READS));
            return matcher.find() ? Optional.of(matcher.toMatchResult()) : Optional.empty();
        } catch (Exhausted | StackOverflowError endless) {
            return Optional.empty();
        }
    }

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
