// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.syntax;

import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import org.postern.policy.lua.syntax.Token.Kind;

/** Cuts a chunk into tokens. */
final class Lexer {

    private static final Set<String> KEYWORDS = Set.of(
            "and",
            "break",
            "do",
            "else",
            "elseif",
            "end",
            "false",
            "for",
            "function",
            "if",
            "in",
            "local",
            "nil",
            "not",
            "or",
            "repeat",
            "return",
            "then",
            "true",
            "until",
            "while");

    /** Longest first. */
    private static final List<String> OPERATORS = List.of(
            "...", "..", "==", "~=", "!=", "<=", ">=", "<<", ">>", "^^", "+", "-", "*", "/", "\\", "%", "^", "#", "<",
            ">", "=", "(", ")", "{", "}", "[", "]", ";", ":", ",", ".", "&", "|", "~", "!");

    private static final int END = -1;

    private final String chunk;
    private final String source;
    private int at;
    private int line = 1;

    Lexer(String chunk, String source) {
        this.chunk = chunk;
        this.source = source;
        skipFirstLineComment();
    }

    // For the kernel, which starts scripts by it.
    private void skipFirstLineComment() {
        if (peek() == '#') {
            skipLine();
        }
    }

    SyntaxError error(String what) {
        return error(line, what);
    }

    SyntaxError error(int where, String what) {
        return new SyntaxError(chunk, where, what);
    }

    Token next() throws SyntaxError {
        skipBlanksAndComments();
        int c = peek();
        if (c == END) {
            return new Token(Kind.END, "", 0, line);
        } else if (isNameStart(c)) {
            return name();
        } else if (isDigit(c) || c == '.' && isDigit(peek(1))) {
            return number();
        } else if (c == '"' || c == '\'') {
            return quoted();
        } else if (c == '[' && longBracketLevel() >= 0) {
            return new Token(Kind.STRING, longBracket("string"), 0, line);
        }
        return operator();
    }

    private int peek() {
        return peek(0);
    }

    private int peek(int ahead) {
        return at + ahead < source.length() ? source.charAt(at + ahead) : END;
    }

    static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isNameStart(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
    }

    private void skipBlanksAndComments() throws SyntaxError {
        while (true) {
            int c = peek();
            if (c == '\n') {
                line++;
                at++;
            } else if (c == ' ' || c == '\t' || c == '\r' || c == 0x0B || c == '\f') {
                at++;
            } else if (c == '-' && peek(1) == '-') {
                at += 2;
                skipComment();
            } else {
                return;
            }
        }
    }

    private void skipComment() throws SyntaxError {
        if (peek() == '[' && longBracketLevel() >= 0) {
            longBracket("comment");
        } else {
            skipLine();
        }
    }

    private void skipLine() {
        while (peek() != END && peek() != '\n') {
            at++;
        }
    }

    private Token name() {
        int start = at;
        while (isNameStart(peek()) || isDigit(peek())) {
            at++;
        }
        String word = source.substring(start, at);
        return new Token(KEYWORDS.contains(word) ? Kind.SYMBOL : Kind.NAME, word, 0, line);
    }

    private Token number() throws SyntaxError {
        int start = at;
        while (isDigit(peek()) || isNameStart(peek()) || peek() == '.' || isSignOfExponent()) {
            at++;
        }
        String text = source.substring(start, at);
        OptionalDouble value = NumberText.parse(text);
        if (value.isEmpty()) {
            throw error("malformed number near '" + text + "'");
        }
        return new Token(Kind.NUMBER, text, value.getAsDouble(), line);
    }

    private boolean isSignOfExponent() {
        int before = source.charAt(at - 1);
        return (peek() == '+' || peek() == '-') && (before == 'e' || before == 'E');
    }

    private Token operator() throws SyntaxError {
        for (String operator : OPERATORS) {
            if (source.startsWith(operator, at)) {
                at += operator.length();
                return new Token(Kind.SYMBOL, operator, 0, line);
            }
        }
        int c = peek();
        throw error("unexpected symbol near '" + (c > ' ' && c < 0x7F ? String.valueOf((char) c) : "char(" + c + ")")
                + "'");
    }

    private Token quoted() throws SyntaxError {
        int quote = peek();
        at++;
        StringBuilder text = new StringBuilder();
        while (peek() != quote) {
            int c = peek();
            if (c == END || c == '\n') {
                throw error("unfinished string near '" + (char) quote + excerpt(text) + "'");
            }
            at++;
            if (c == '\\') {
                escape(text);
            } else {
                text.append((char) c);
            }
        }
        at++;
        return new Token(Kind.STRING, text.toString(), 0, line);
    }

    private static String excerpt(StringBuilder text) {
        return text.length() > 40 ? text.substring(0, 40) + "..." : text.toString();
    }

    private void escape(StringBuilder text) throws SyntaxError {
        int c = peek();
        if (c == END) {
            throw error("unfinished string near '<eof>'");
        }
        if (isDigit(c)) {
            text.append(decimalEscape());
            return;
        }
        at++;
        switch (c) {
            case 'a' -> text.append((char) 7);
            case 'b' -> text.append('\b');
            case 'f' -> text.append('\f');
            case 'n' -> text.append('\n');
            case 'r' -> text.append('\r');
            case 't' -> text.append('\t');
            case 'v' -> text.append((char) 0x0B);
            case '\n' -> {
                line++;
                text.append('\n');
            }
            case '\r' -> carriageReturn(text);
            default -> text.append((char) c);
        }
    }

    // A line continued in a file written on Windows.
    private void carriageReturn(StringBuilder text) {
        if (peek() == '\n') {
            at++;
            line++;
        }
        text.append('\n');
    }

    private char decimalEscape() throws SyntaxError {
        int value = 0;
        for (int digits = 0; digits < 3 && isDigit(peek()); digits++) {
            value = value * 10 + peek() - '0';
            at++;
        }
        if (value > 0xFF) {
            throw error("escape sequence too large near '\\" + value + "'");
        }
        return (char) value;
    }

    /** The number of {@code =} if a long bracket opens here, and otherwise -1. */
    private int longBracketLevel() {
        int level = 0;
        while (peek(1 + level) == '=') {
            level++;
        }
        return peek(1 + level) == '[' ? level : -1;
    }

    private String longBracket(String what) throws SyntaxError {
        int level = longBracketLevel();
        int opened = line;
        String close = "]" + "=".repeat(level) + "]";
        int start = at + level + 2;
        int end = source.indexOf(close, start);
        if (end < 0) {
            throw error(opened, "unfinished long " + what + " near '<eof>'");
        }
        String text = source.substring(start, end).replace("\r\n", "\n");
        line += (int) text.chars().filter(c -> c == '\n').count();
        at = end + close.length();
        return text.startsWith("\n") ? text.substring(1) : text;
    }
}
