// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.language;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalInt;
import org.postern.config.store.language.Token.Kind;
import org.postern.spi.settings.Origin;

/** Cuts a text into tokens, one at a time, because what a slash or a comma means depends on what the parser expects. */
final class Lexer {

    /** Longest pattern without quotes, in characters; bounds the search for its end. */
    private static final int LONGEST_PATTERN = 1000;

    /** What the parser expects. */
    enum Expecting {
        /** A name or sign. */
        ITEM,
        /** What stands right of an equals sign. */
        VALUE,
        /** What may follow a name, so that a slash may begin a pattern. */
        INSTANCE,
        /** Something in brackets, where a comma separates. */
        ELEMENT
    }

    private final Characters in;
    private final Problems problems;
    private int lastTokenLine;
    private boolean afterBrace;
    private OptionalInt longString = OptionalInt.empty();
    private int longStringEnd;
    private final Deque<Token> putBack = new ArrayDeque<>();

    Lexer(String file, String text, Problems problems) {
        this.in = new Characters(file, text);
        this.problems = problems;
    }

    /** The line on which the last string began that went over several lines, or the first of several that touch. */
    OptionalInt longString() {
        return longString;
    }

    /** The index behind the last token that was read. */
    int end() {
        return in.index();
    }

    /** Makes the next call answer this token. */
    void putBack(Token token) {
        putBack.push(token);
    }

    Token next(Expecting expecting) throws SyntaxException {
        if (!putBack.isEmpty()) {
            return putBack.pop();
        }
        skipBlanks();
        Origin origin = in.origin();
        int start = in.index();
        boolean startsLine = origin.line() != lastTokenLine;
        boolean first = startsLine || afterBrace;
        Token token = read(expecting, origin).at(start, startsLine, first);
        lastTokenLine = in.line();
        afterBrace = token.kind() == Kind.OPEN || token.kind() == Kind.CLOSE && first;
        return token;
    }

    private Token read(Expecting expecting, Origin origin) throws SyntaxException {
        int c = in.peek();
        Kind sign = sign(c, expecting);
        if (sign == Kind.END) {
            return Token.of(sign, "", origin);
        }
        if (sign != null) {
            in.advance();
            return Token.of(sign, "", origin);
        }
        if (c == '"' || c == '\'') {
            return Token.of(Kind.STRING, string((char) c, origin), origin);
        }
        return Token.of(Kind.WORD, word(expecting, origin), origin);
    }

    private static Kind sign(int c, Expecting expecting) {
        return switch (c) {
            case Characters.END -> Kind.END;
            case '=' -> Kind.EQUALS;
            case '{' -> Kind.OPEN;
            case '}' -> Kind.CLOSE;
            case '(' -> Kind.OPEN_ARRAY;
            case ')' -> Kind.CLOSE_ARRAY;
            case '[' -> Kind.OPEN_DICTIONARY;
            case ']' -> Kind.CLOSE_DICTIONARY;
            case ',' -> expecting == Expecting.ELEMENT ? Kind.COMMA : null;
            default -> null;
        };
    }

    private void skipBlanks() throws SyntaxException {
        while (true) {
            int c = in.peek();
            if (isBlank(c)) {
                in.advance();
            } else if (c == '#') {
                skipLine();
            } else if (in.looksAt("/*")) {
                skipComment();
            } else {
                return;
            }
        }
    }

    private void skipLine() throws SyntaxException {
        while (in.peek() != '\n' && in.peek() != '\r' && in.peek() != Characters.END) {
            refuseNul();
            in.advance();
        }
    }

    private void skipComment() throws SyntaxException {
        Origin opened = in.origin();
        in.advance(2);
        while (!in.looksAt("*/")) {
            if (in.peek() == Characters.END) {
                throw SyntaxException.fatal(
                        Problem.error(opened, "the comment that begins here with /* is never closed"));
            }
            refuseNul();
            in.advance();
        }
        in.advance(2);
    }

    private String string(char quote, Origin opened) throws SyntaxException {
        StringBuilder decoded = new StringBuilder();
        in.advance();
        while (in.peek() != quote) {
            if (in.peek() == Characters.END) {
                throw unclosed(opened);
            }
            refuseNul();
            if (in.peek() == '\\') {
                decoded.append(escape());
            } else {
                decoded.append((char) in.peek());
                in.advance();
            }
        }
        in.advance();
        if (in.line() != opened.line()) {
            noteLong(opened.line());
        }
        return decoded.toString();
    }

    /** Where a quote is missing, each further string begins on the line on which the one before it ends. */
    private void noteLong(int line) {
        if (longString.isEmpty() || longStringEnd != line) {
            longString = OptionalInt.of(line);
        }
        longStringEnd = in.line();
    }

    private SyntaxException unclosed(Origin opened) {
        Problem problem = Problem.error(opened, "the string that begins here is never closed");
        return SyntaxException.fatal(
                longString.isPresent()
                        ? problem.hint("or a quotation mark is missing since line " + longString.getAsInt())
                        : problem);
    }

    /** Five escapes are decoded; any other backslash stands for itself, so that {@code "\d+"} needs no doubling. */
    private String escape() {
        String decoded = switch (in.peek(1)) {
            case 'r' -> "\r";
            case 'n' -> "\n";
            case 't' -> "\t";
            case '"' -> "\"";
            case '\\' -> "\\";
            default -> null;
        };
        in.advance();
        if (decoded == null) {
            return "\\";
        }
        in.advance();
        return decoded;
    }

    private String word(Expecting expecting, Origin origin) throws SyntaxException {
        int start = in.index();
        if (expecting == Expecting.INSTANCE && in.peek() == '/') {
            in.advance(new BarePattern(in, LONGEST_PATTERN).length());
        }
        if (in.index() == start) {
            while (isWordCharacter(in.peek(), expecting)) {
                in.advance();
            }
        }
        if (in.index() == start) {
            throw unreadable(origin);
        }
        String word = in.from(start);
        if (expecting != Expecting.ITEM) {
            warnOfWordEnd(origin);
        }
        return word;
    }

    private void warnOfWordEnd(Origin origin) {
        if (in.peek() == '#') {
            problems.add(Problem.warning(in.origin(), "a comment begins here, in the middle of a word")
                    .hint("put the value in quotes if the # belongs to it"));
        }
        if (in.peek() == '"' || in.peek() == '\'') {
            problems.add(Problem.warning(origin, "a word and a quotation mark touch here; they are two values")
                    .hint("put the whole value in quotes"));
        }
    }

    private SyntaxException unreadable(Origin origin) {
        int c = in.peek();
        if (c == 0) {
            return nul(origin);
        }
        String code = String.format("U+%04X", c);
        return SyntaxException.fatal(Problem.error(origin, "the character " + code + " may stand in quotes only"));
    }

    private void refuseNul() throws SyntaxException {
        if (in.peek() == 0) {
            throw nul(in.origin());
        }
    }

    private static SyntaxException nul(Origin origin) {
        return SyntaxException.fatal(
                Problem.error(origin, "a NUL character; this is not a text file, or it is damaged"));
    }

    static boolean isBlank(int c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == 0x0B;
    }

    /** Invisible characters end a word, so that a no-break space pasted from a web page is found and not obeyed. */
    static boolean isWordCharacter(int c, Expecting expecting) {
        if (c >= 0 && c < 0x80) {
            return c > ' ' && c < 0x7F && "#\"'={}()[]".indexOf(c) < 0 && (c != ',' || expecting != Expecting.ELEMENT);
        }
        return c != Characters.END
                && !Character.isISOControl(c)
                && !Character.isWhitespace(c)
                && !Character.isSpaceChar(c)
                && Character.getType(c) != Character.FORMAT;
    }
}
