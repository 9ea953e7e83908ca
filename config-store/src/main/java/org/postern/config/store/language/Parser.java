// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.language;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.postern.config.store.language.Item.Assignment;
import org.postern.config.store.language.Item.Instance;
import org.postern.config.store.language.Item.Span;
import org.postern.config.store.language.Item.Stanza;
import org.postern.config.store.language.Item.Word;
import org.postern.config.store.language.Lexer.Expecting;
import org.postern.config.store.language.Token.Kind;
import org.postern.spi.settings.Origin;
import org.postern.spi.settings.RawValue;

/**
 * Recursive descent over one file. After a mistake it goes on at the next line that begins with a name, so that one run
 * finds as many mistakes as it can. Messages name kinds of tokens and never repeat what stands in the file.
 */
final class Parser {

    /** How deep stanzas may stand in one another. */
    static final int DEEPEST = 32;

    /** Reads what an {@code include} names. */
    interface Inclusion {

        /**
         * The items of the file or directory; problems are noted elsewhere.
         *
         * @param path what is written
         * @param operand where exactly it is written
         * @param origin where the word before it begins
         */
        List<Item> include(String path, Span operand, Origin origin);
    }

    private final Lexer lexer;
    private final Problems problems;
    private final Inclusion inclusion;
    private int lineOfLastError;
    private boolean complete = true;

    Parser(String file, String text, Problems problems, Inclusion inclusion) {
        this.lexer = new Lexer(file, text, problems);
        this.problems = problems;
        this.inclusion = inclusion;
    }

    /** Whether the file was understood well enough to look at what its items mean. */
    boolean isComplete() {
        return complete;
    }

    /** The items of the file, as far as it could be read. */
    List<Item> parse() {
        List<Item> items = new ArrayList<>();
        try {
            body(items, Optional.empty(), 0);
        } catch (SyntaxException fatal) {
            complete = false;
            problems.add(fatal.problem());
        }
        return items;
    }

    private void body(List<Item> items, Optional<Word> opened, int depth) throws SyntaxException {
        while (true) {
            try {
                Token token = lexer.next(Expecting.ITEM);
                if (endsBody(token, opened)) {
                    return;
                }
                item(token, items, depth);
            } catch (SyntaxException mistake) {
                if (mistake.isFatal()) {
                    throw mistake;
                }
                recover(mistake.problem());
            }
        }
    }

    private boolean endsBody(Token token, Optional<Word> opened) throws SyntaxException {
        return switch (token.kind()) {
            case CLOSE -> {
                if (opened.isEmpty()) {
                    throw SyntaxException.fatal(
                            explain(Problem.error(token.origin(), "this \"}\" closes nothing"), token.origin()));
                }
                yield true;
            }
            case END -> {
                if (opened.isPresent()) {
                    throw SyntaxException.fatal(explain(
                            Problem.error(
                                    opened.get().origin(), "the stanza that begins here is never closed with \"}\""),
                            token.origin()));
                }
                yield true;
            }
            case WORD, STRING, EQUALS, OPEN, OPEN_ARRAY, CLOSE_ARRAY, OPEN_DICTIONARY, CLOSE_DICTIONARY, COMMA -> false;
        };
    }

    private void item(Token name, List<Item> items, int depth) throws SyntaxException {
        if (name.kind() != Kind.WORD || !isName(name.text())) {
            // Not put back: reading it again would find the same mistake for ever.
            throw described(name, "an option or stanza begins with a name of letters, digits and underscores");
        }
        Word word = word(name);
        if (isInclude(word)) {
            include(word, items);
            return;
        }
        Token next = lexer.next(Expecting.INSTANCE);
        switch (next.kind()) {
            case EQUALS -> items.add(assignment(name, word));
            case OPEN -> items.add(stanza(word, Optional.empty(), depth));
            case WORD, STRING -> {
                expectOpen(name, next);
                items.add(stanza(word, Optional.of(new Instance(next.text(), next.origin())), depth));
            }
            case CLOSE, OPEN_ARRAY, CLOSE_ARRAY, OPEN_DICTIONARY, CLOSE_DICTIONARY, COMMA, END ->
                throw mistake(
                        next,
                        "\"=\" or \"{\" is missing after the name in line "
                                + word.origin().line());
        }
    }

    private Word word(Token name) {
        boolean quotable = name.firstOnLine()
                && (name.startsLine() || name.origin().line() != lineOfLastError)
                && lexer.longString().isEmpty();
        return new Word(name.text(), name.origin(), quotable);
    }

    private static boolean isName(String text) {
        return text.chars()
                .allMatch(c -> c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_');
    }

    private static boolean isInclude(Word word) {
        String lower = word.text().toLowerCase(Locale.ROOT);
        return lower.equals("include") || lower.equals("readonly_include");
    }

    private void include(Word word, List<Item> items) throws SyntaxException {
        Token path = lexer.next(Expecting.VALUE);
        if (!path.isScalar() || path.text().isEmpty()) {
            throw mistake(path, "include is followed by the path of a file or directory");
        }
        items.addAll(inclusion.include(path.text(), new Span(path.start(), lexer.end()), word.origin()));
    }

    private void expectOpen(Token name, Token instance) throws SyntaxException {
        Token next = lexer.next(Expecting.ITEM);
        if (next.kind() == Kind.OPEN) {
            return;
        }
        lexer.putBack(next);
        if (instance.origin().line() > name.origin().line()) {
            throw mistake(
                    instance,
                    "\"=\" or \"{\" is missing after the name in line "
                            + name.origin().line());
        }
        Problem problem = explain(
                Problem.error(
                        instance.origin(),
                        "\"=\" is missing before this if it is a value, or \"{\" behind it if it names a stanza"),
                instance.origin());
        throw SyntaxException.recoverable(name.firstOnLine() ? problem : orQuotes(problem));
    }

    private Stanza stanza(Word word, Optional<Instance> instance, int depth) throws SyntaxException {
        if (depth >= DEEPEST) {
            throw SyntaxException.fatal(
                    Problem.error(word.origin(), "stanzas stand more than " + DEEPEST + " deep in one another"));
        }
        List<Item> items = new ArrayList<>();
        body(items, Optional.of(word), depth + 1);
        return new Stanza(word, instance, items);
    }

    private Assignment assignment(Token name, Word word) throws SyntaxException {
        Token token = lexer.next(Expecting.VALUE);
        RawValue value = switch (token.kind()) {
            case WORD, STRING -> new RawValue.Scalar(token.text());
            case OPEN_ARRAY -> array(token);
            case OPEN_DICTIONARY -> dictionary(token);
            case EQUALS, OPEN, CLOSE, CLOSE_ARRAY, CLOSE_DICTIONARY, COMMA, END ->
                throw mistake(token, "a value is missing after \"=\"");
        };
        return new Assignment(word, value, token.origin(), new Span(name.start(), lexer.end()));
    }

    private RawValue array(Token opened) throws SyntaxException {
        List<String> items = new ArrayList<>();
        Token token = lexer.next(Expecting.ELEMENT);
        while (token.kind() != Kind.CLOSE_ARRAY) {
            items.add(scalar(token, opened, "an array holds words and strings"));
            token = afterComma(lexer.next(Expecting.ELEMENT));
        }
        return new RawValue.Array(items);
    }

    private RawValue dictionary(Token opened) throws SyntaxException {
        Map<String, String> entries = new LinkedHashMap<>();
        Token token = lexer.next(Expecting.ELEMENT);
        while (token.kind() != Kind.CLOSE_DICTIONARY) {
            String key = scalar(token, opened, "a dictionary holds entries such as key = value");
            Token sign = lexer.next(Expecting.ELEMENT);
            if (sign.kind() != Kind.EQUALS) {
                throw inside(sign, opened, "\"=\" is missing in a dictionary");
            }
            entries.put(
                    key, scalar(lexer.next(Expecting.ELEMENT), opened, "a dictionary's values are words and strings"));
            token = afterComma(lexer.next(Expecting.ELEMENT));
        }
        return new RawValue.Dictionary(entries);
    }

    private Token afterComma(Token token) throws SyntaxException {
        return token.kind() == Kind.COMMA ? lexer.next(Expecting.ELEMENT) : token;
    }

    private String scalar(Token token, Token opened, String rule) throws SyntaxException {
        if (!token.isScalar()) {
            throw inside(token, opened, rule);
        }
        return token.text();
    }

    private SyntaxException inside(Token token, Token opened, String rule) {
        if (token.kind() == Kind.END) {
            return SyntaxException.fatal(explain(
                    Problem.error(opened.origin(), "what " + opened.kind() + " begins here is never closed"),
                    token.origin()));
        }
        return mistake(token, rule);
    }

    /** A mistake at a token that is looked at again after it. */
    private SyntaxException mistake(Token found, String rule) {
        lexer.putBack(found);
        return described(found, rule);
    }

    private SyntaxException described(Token found, String rule) {
        Problem problem = explain(Problem.error(found.origin(), rule + "; here is " + found.kind()), found.origin());
        return SyntaxException.recoverable(found.firstOnLine() ? problem : orQuotes(problem));
    }

    private static Problem orQuotes(Problem problem) {
        return problem.hint().isPresent()
                ? problem
                : problem.hint("a value with blanks or any of # \" ' = { } [ ] ( ) needs quotes");
    }

    /** A string over several lines is legal but rare; before a mistake it is the likeliest cause. */
    private Problem explain(Problem problem, Origin found) {
        if (lexer.longString().isEmpty() || lexer.longString().getAsInt() >= found.line()) {
            return problem;
        }
        return problem.hint("perhaps a quotation mark is missing in line "
                + lexer.longString().getAsInt());
    }

    private void recover(Problem problem) throws SyntaxException {
        problems.add(problem);
        // With the quotes out of step, what looks like a name may be somebody's password.
        complete &= lexer.longString().isEmpty();
        lineOfLastError = problem.origin().line();
        int depth = 0;
        while (true) {
            Token token = lexer.next(Expecting.ITEM);
            if (token.kind() == Kind.END || depth == 0 && resumes(token)) {
                lexer.putBack(token);
                return;
            }
            depth += token.kind() == Kind.OPEN ? 1 : token.kind() == Kind.CLOSE ? -1 : 0;
        }
    }

    private static boolean resumes(Token token) {
        return token.kind() == Kind.CLOSE || token.startsLine() && token.kind() == Kind.WORD;
    }
}
