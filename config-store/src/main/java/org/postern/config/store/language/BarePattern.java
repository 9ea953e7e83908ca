// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.language;

/**
 * Finds the end of a pattern that stands without quotes as the name of a stanza, as in
 * {@code Domain /yahoo\.co(m|\.uk)$/ &#123;}. It ends with the slash that an opening brace follows. A path such as
 * {@code /run/postern.sock} in the same place is an ordinary word.
 */
final class BarePattern {

    private final Characters in;
    private final int bound;

    BarePattern(Characters in, int bound) {
        this.in = in;
        this.bound = bound;
    }

    /** Characters of the pattern with its slashes; 0 if there is none at this position. */
    int length() {
        return isPlainWord() ? 0 : closingSlash();
    }

    private boolean isPlainWord() {
        int end = 1;
        while (end < bound && Lexer.isWordCharacter(in.peek(end), Lexer.Expecting.INSTANCE)) {
            end++;
        }
        boolean touchesBrace = in.peek(end) == '{';
        boolean endsWithSlash = end > 1 && in.peek(end - 1) == '/' && in.peek(end - 2) != '\\';
        return braceFollows(end) && !(touchesBrace && !endsWithSlash && isRepetition(end));
    }

    /** {@code {2}} or {@code {2,3}}: a brace of the pattern, not of the stanza. */
    private boolean isRepetition(int brace) {
        int next = in.peek(brace + 1);
        return next >= '0' && next <= '9';
    }

    private int closingSlash() {
        for (int i = 1; i < bound; i++) {
            switch (in.peek(i)) {
                case Characters.END, '\n', '\r', 0 -> {
                    return 0;
                }
                case '\\' -> i++;
                case '/' -> {
                    if (braceFollows(i + 1)) {
                        return i + 1;
                    }
                }
                default -> {}
            }
        }
        return 0;
    }

    private boolean braceFollows(int from) {
        int i = from;
        while (i < from + bound && Lexer.isBlank(in.peek(i))) {
            i++;
        }
        return in.peek(i) == '{';
    }
}
