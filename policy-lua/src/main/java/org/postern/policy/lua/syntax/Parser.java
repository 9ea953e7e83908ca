// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postern.policy.lua.syntax.Expression.Assignable;
import org.postern.policy.lua.syntax.Token.Kind;

/** Reads a chunk, statement by statement; expressions are read by {@link ExpressionParser}. */
public final class Parser {

    /** How many local variables a function may have at once, as in Lua. */
    private static final int MOST_LOCALS = 200;

    /** How deep blocks and expressions may be nested, as in Lua. */
    private static final int DEEPEST = 200;

    private final Lexer lexer;
    private final ExpressionParser expressions;
    private Token token;
    private Token following;
    private FunctionScope scope = new FunctionScope(Optional.empty(), true);
    private int depth;

    private Parser(String chunk, String source) {
        this.lexer = new Lexer(chunk, source);
        this.expressions = new ExpressionParser(this);
    }

    /**
     * Reads a chunk.
     *
     * @param chunk its name in messages
     * @param source its octets
     * @throws SyntaxError if it is no Lua
     */
    public static FunctionBody parse(String chunk, String source) throws SyntaxError {
        if (source.startsWith("\033")) {
            throw new SyntaxError(chunk, 1, "compiled chunks are not accepted");
        }
        return new Parser(chunk, source).chunk();
    }

    private FunctionBody chunk() throws SyntaxError {
        advance();
        List<Statement> block = block();
        if (token.kind() != Kind.END) {
            throw unexpected("'<eof>' expected");
        }
        return new FunctionBody(
                "main chunk", List.of(), true, Optional.empty(), block, scope.upvalues(), scope.slots(), 0);
    }

    // Tokens.

    Token token() {
        return token;
    }

    int line() {
        return token.line();
    }

    Token advance() throws SyntaxError {
        Token passed = token;
        token = following == null ? lexer.next() : following;
        following = null;
        return passed;
    }

    /** The token after the current one. */
    Token following() throws SyntaxError {
        if (following == null) {
            following = lexer.next();
        }
        return following;
    }

    boolean at(String symbol) {
        return token.is(symbol);
    }

    boolean accept(String symbol) throws SyntaxError {
        if (!at(symbol)) {
            return false;
        }
        advance();
        return true;
    }

    void expect(String symbol) throws SyntaxError {
        if (!accept(symbol)) {
            throw unexpected("'" + symbol + "' expected");
        }
    }

    private void expectToClose(String symbol, String opening, int opened) throws SyntaxError {
        if (!accept(symbol)) {
            throw unexpected("'" + symbol + "' expected"
                    + (opened == line() ? "" : " (to close '" + opening + "' at line " + opened + ")"));
        }
    }

    String name() throws SyntaxError {
        if (token.kind() != Kind.NAME) {
            throw unexpected("<name> expected");
        }
        return advance().text();
    }

    SyntaxError unexpected(String what) {
        return lexer.error(line(), what + " near '" + token.shown() + "'");
    }

    // Scopes.

    FunctionScope scope() {
        return scope;
    }

    void enter() throws SyntaxError {
        if (++depth > DEEPEST) {
            throw lexer.error(line(), "chunk is nested more than " + DEEPEST + " levels deep");
        }
    }

    void leave() {
        depth--;
    }

    private Variable declare(String name) throws SyntaxError {
        checkLocals(1);
        return scope.declare(name);
    }

    private void checkLocals(int more) throws SyntaxError {
        if (scope.visible() + more > MOST_LOCALS) {
            throw lexer.error(line(), "function has more than " + MOST_LOCALS + " local variables");
        }
    }

    // Blocks.

    private boolean blockEnds() {
        return token.kind() == Kind.END || at("end") || at("else") || at("elseif") || at("until");
    }

    /** A block with a scope of its own. */
    private List<Statement> block() throws SyntaxError {
        int mark = scope.visible();
        List<Statement> statements = openBlock();
        scope.hideDownTo(mark);
        return statements;
    }

    /** A block whose variables stay visible. */
    private List<Statement> openBlock() throws SyntaxError {
        enter();
        List<Statement> statements = new ArrayList<>();
        while (!blockEnds()) {
            if (at("return") || at("break")) {
                statements.add(last());
                accept(";");
                break;
            }
            statements.add(statement());
            accept(";");
        }
        leave();
        return List.copyOf(statements);
    }

    private List<Statement> loopBlock() throws SyntaxError {
        scope.loops++;
        List<Statement> block = block();
        scope.loops--;
        return block;
    }

    private Statement last() throws SyntaxError {
        int line = line();
        if (accept("break")) {
            if (scope.loops == 0) {
                throw lexer.error(line, "no loop to break");
            }
            return new Statement.Break(line);
        }
        expect("return");
        List<Expression> values = blockEnds() || at(";") ? List.of() : expressions.list();
        return new Statement.Return(values, line);
    }

    private Statement statement() throws SyntaxError {
        int line = line();
        if (token.kind() != Kind.SYMBOL) {
            return expressionStatement();
        }
        return switch (token.text()) {
            case "if" -> ifStatement(line);
            case "while" -> whileStatement(line);
            case "do" -> doStatement(line);
            case "for" -> forStatement(line);
            case "repeat" -> repeatStatement(line);
            case "function" -> functionStatement(line);
            case "local" -> localStatement(line);
            default -> expressionStatement();
        };
    }

    private Statement ifStatement(int line) throws SyntaxError {
        List<Statement.Branch> branches = new ArrayList<>();
        do {
            advance();
            Expression condition = expressions.read();
            expect("then");
            branches.add(new Statement.Branch(condition, block()));
        } while (at("elseif"));
        List<Statement> otherwise = accept("else") ? block() : List.of();
        expectToClose("end", "if", line);
        return new Statement.If(List.copyOf(branches), otherwise, line);
    }

    private Statement whileStatement(int line) throws SyntaxError {
        advance();
        Expression condition = expressions.read();
        expect("do");
        List<Statement> block = loopBlock();
        expectToClose("end", "while", line);
        return new Statement.While(condition, block, line);
    }

    private Statement doStatement(int line) throws SyntaxError {
        advance();
        List<Statement> block = block();
        expectToClose("end", "do", line);
        return new Statement.Do(block, line);
    }

    private Statement repeatStatement(int line) throws SyntaxError {
        advance();
        int mark = scope.visible();
        scope.loops++;
        List<Statement> block = openBlock();
        scope.loops--;
        expectToClose("until", "repeat", line);
        Expression condition = expressions.read();
        scope.hideDownTo(mark);
        return new Statement.Repeat(block, condition, line);
    }

    private Statement forStatement(int line) throws SyntaxError {
        advance();
        String first = name();
        Statement loop = at("=") ? numericFor(first, line) : genericFor(first, line);
        expectToClose("end", "for", line);
        return loop;
    }

    private Statement numericFor(String name, int line) throws SyntaxError {
        expect("=");
        Expression from = expressions.read();
        expect(",");
        Expression to = expressions.read();
        Expression step = accept(",") ? expressions.read() : null;
        expect("do");
        int mark = scope.visible();
        Variable variable = declare(name);
        List<Statement> block = loopBlock();
        scope.hideDownTo(mark);
        return new Statement.NumericFor(variable, from, to, step, block, line);
    }

    private Statement genericFor(String first, int line) throws SyntaxError {
        List<String> names = new ArrayList<>(List.of(first));
        while (accept(",")) {
            names.add(name());
        }
        expect("in");
        List<Expression> values = expressions.list();
        expect("do");
        int mark = scope.visible();
        List<Variable> variables = new ArrayList<>();
        for (String name : names) {
            variables.add(declare(name));
        }
        List<Statement> block = loopBlock();
        scope.hideDownTo(mark);
        return new Statement.GenericFor(List.copyOf(variables), values, block, line);
    }

    private Statement functionStatement(int line) throws SyntaxError {
        advance();
        String name = name();
        Expression target = scope.resolve(name, line);
        StringBuilder shown = new StringBuilder(name);
        while (at(".")) {
            advance();
            String field = name();
            shown.append('.').append(field);
            target = new Expression.Index(target, new Expression.Constant(field, line), line);
        }
        boolean method = accept(":");
        if (method) {
            String field = name();
            shown.append(':').append(field);
            target = new Expression.Index(target, new Expression.Constant(field, line), line);
        }
        Expression function = new Expression.Function(body(shown.toString(), method, line), line);
        return new Statement.Assignment(List.of((Assignable) target), List.of(function), line);
    }

    private Statement localStatement(int line) throws SyntaxError {
        advance();
        if (accept("function")) {
            String name = name();
            Variable variable = declare(name);
            return new Statement.LocalFunction(variable, new Expression.Function(body(name, false, line), line), line);
        }
        List<Variable> variables = new ArrayList<>();
        do {
            checkLocals(variables.size() + 1);
            variables.add(scope.reserve(name(), variables.size()));
        } while (accept(","));
        List<Expression> values = accept("=") ? expressions.list() : List.of();
        variables.forEach(scope::show);
        return new Statement.LocalDeclaration(List.copyOf(variables), values, line);
    }

    private Statement expressionStatement() throws SyntaxError {
        int line = line();
        Expression expression = expressions.suffixed();
        if (at("=") || at(",")) {
            return assignment(expression, line);
        }
        if (expression instanceof Expression.Call || expression instanceof Expression.MethodCall) {
            return new Statement.CallStatement(expression, line);
        }
        throw unexpected("syntax error");
    }

    private Statement assignment(Expression first, int line) throws SyntaxError {
        List<Assignable> targets = new ArrayList<>(List.of(assignable(first)));
        while (accept(",")) {
            targets.add(assignable(expressions.suffixed()));
        }
        expect("=");
        return new Statement.Assignment(List.copyOf(targets), expressions.list(), line);
    }

    private Assignable assignable(Expression expression) throws SyntaxError {
        if (expression instanceof Assignable target) {
            return target;
        }
        throw unexpected("syntax error");
    }

    // Functions.

    /** A function from its parameters to its {@code end}. */
    FunctionBody body(String name, boolean method, int line) throws SyntaxError {
        enter();
        FunctionScope outer = scope;
        List<String> names = new ArrayList<>(method ? List.of("self") : List.of());
        boolean varargs = parameters(names);
        scope = new FunctionScope(Optional.of(outer), varargs);
        List<Variable> parameters = new ArrayList<>();
        for (String parameter : names) {
            parameters.add(declare(parameter));
        }
        Optional<Variable> argumentTable = varargs ? Optional.of(declare("arg")) : Optional.empty();
        List<Statement> block = block();
        expectToClose("end", "function", line);
        FunctionBody body = new FunctionBody(
                name,
                List.copyOf(parameters),
                varargs,
                argumentTable.filter(unused -> scope.leavesVarargsUnused()),
                block,
                scope.upvalues(),
                scope.slots(),
                line);
        scope = outer;
        leave();
        return body;
    }

    private boolean parameters(List<String> names) throws SyntaxError {
        expect("(");
        boolean varargs = false;
        if (!at(")")) {
            do {
                varargs = accept("...");
                if (!varargs) {
                    names.add(name());
                }
            } while (!varargs && accept(","));
        }
        expect(")");
        return varargs;
    }
}
