// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.syntax;

import java.util.ArrayList;
import java.util.List;
import org.postern.policy.lua.syntax.Token.Kind;

/** Reads expressions for a {@link Parser}, by precedence climbing. */
final class ExpressionParser {

    /** How long a chain such as {@code a + b + c} or {@code a.b.c} may be: each link is a level when it is run. */
    private static final int LONGEST_CHAIN = 1_000;

    private final Parser parser;

    ExpressionParser(Parser parser) {
        this.parser = parser;
    }

    List<Expression> list() throws SyntaxError {
        List<Expression> values = new ArrayList<>();
        do {
            values.add(read());
        } while (parser.accept(","));
        return List.copyOf(values);
    }

    Expression read() throws SyntaxError {
        return read(0);
    }

    private Expression read(int limit) throws SyntaxError {
        parser.enter();
        Expression left = operand();
        int chain = 0;
        for (BinaryOperator operator = BinaryOperator.of(parser.token());
                operator != null && operator.left > limit;
                operator = BinaryOperator.of(parser.token())) {
            checkChain(++chain);
            left = operation(left, operator);
        }
        parser.leave();
        return left;
    }

    private void checkChain(int links) throws SyntaxError {
        if (links > LONGEST_CHAIN) {
            throw parser.unexpected("expression has more than " + LONGEST_CHAIN + " links in a row");
        }
    }

    private Expression operation(Expression left, BinaryOperator operator) throws SyntaxError {
        int line = parser.advance().line();
        return switch (operator) {
            case CONCATENATE -> concatenation(left, line);
            case AND -> new Expression.And(left, read(operator.right), line);
            case OR -> new Expression.Or(left, read(operator.right), line);
            default -> new Expression.Binary(operator, left, read(operator.right), line);
        };
    }

    private Expression concatenation(Expression first, int line) throws SyntaxError {
        List<Expression> operands = new ArrayList<>(List.of(first));
        do {
            operands.add(read(BinaryOperator.CONCATENATE.left));
        } while (parser.accept(".."));
        return new Expression.Concatenation(List.copyOf(operands), line);
    }

    private Expression operand() throws SyntaxError {
        int line = parser.line();
        if (parser.accept("not") || parser.accept("!")) {
            return new Expression.Not(read(BinaryOperator.UNARY), line);
        } else if (parser.accept("-")) {
            return negated(read(BinaryOperator.UNARY), line);
        } else if (parser.accept("#")) {
            return new Expression.Unary(UnaryOperator.LENGTH, read(BinaryOperator.UNARY), line);
        } else if (parser.accept("~")) {
            return new Expression.Unary(UnaryOperator.COMPLEMENT, read(BinaryOperator.UNARY), line);
        }
        return simple(line);
    }

    private static Expression negated(Expression operand, int line) {
        return operand instanceof Expression.Constant(Double number, int ignored)
                ? new Expression.Constant(-number, line)
                : new Expression.Unary(UnaryOperator.NEGATE, operand, line);
    }

    private Expression simple(int line) throws SyntaxError {
        Token token = parser.token();
        return switch (token.kind()) {
            case NUMBER -> constant(token.number(), line);
            case STRING -> constant(token.text(), line);
            case NAME -> suffixed();
            case END -> throw parser.unexpected("unexpected symbol");
            case SYMBOL ->
                switch (token.text()) {
                    case "nil" -> constant(null, line);
                    case "true" -> constant(true, line);
                    case "false" -> constant(false, line);
                    case "..." -> varargs(line);
                    case "{" -> table(line);
                    case "function" -> function(line);
                    default -> suffixed();
                };
        };
    }

    private Expression constant(Object value, int line) throws SyntaxError {
        parser.advance();
        return new Expression.Constant(value, line);
    }

    private Expression varargs(int line) throws SyntaxError {
        if (!parser.scope().hasVarargs()) {
            throw parser.unexpected("cannot use '...' outside a vararg function");
        }
        parser.scope().useVarargs();
        parser.advance();
        return new Expression.Varargs(line);
    }

    private Expression function(int line) throws SyntaxError {
        parser.advance();
        return new Expression.Function(parser.body("", false, line), line);
    }

    private Expression table(int line) throws SyntaxError {
        parser.expect("{");
        List<Expression> positional = new ArrayList<>();
        List<Expression.Field> fields = new ArrayList<>();
        while (!parser.at("}")) {
            item(positional, fields);
            if (!parser.accept(",") && !parser.accept(";")) {
                break;
            }
        }
        if (!parser.accept("}")) {
            throw parser.unexpected(
                    "'}' expected" + (line == parser.line() ? "" : " (to close '{' at line " + line + ")"));
        }
        return new Expression.Table(List.copyOf(positional), List.copyOf(fields), line);
    }

    private void item(List<Expression> positional, List<Expression.Field> fields) throws SyntaxError {
        int line = parser.line();
        if (parser.accept("[")) {
            Expression key = read();
            parser.expect("]");
            parser.expect("=");
            fields.add(new Expression.Field(key, read()));
        } else if (parser.token().kind() == Kind.NAME && parser.following().is("=")) {
            Expression key = new Expression.Constant(parser.name(), line);
            parser.expect("=");
            fields.add(new Expression.Field(key, read()));
        } else {
            positional.add(read());
        }
    }

    /** A variable, or an expression in parentheses, with all the indexing and calling that follows it. */
    Expression suffixed() throws SyntaxError {
        Expression expression = primary();
        for (int chain = 0; ; chain++) {
            checkChain(chain);
            Expression longer = suffix(expression);
            if (longer == expression) {
                return expression;
            }
            expression = longer;
        }
    }

    private Expression primary() throws SyntaxError {
        int line = parser.line();
        if (parser.accept("(")) {
            Expression inner = read();
            parser.expect(")");
            return new Expression.Parenthesised(inner, line);
        }
        if (parser.token().kind() != Kind.NAME) {
            throw parser.unexpected("unexpected symbol");
        }
        return parser.scope().resolve(parser.name(), line);
    }

    private Expression suffix(Expression object) throws SyntaxError {
        int line = parser.line();
        if (parser.accept(".")) {
            return new Expression.Index(object, new Expression.Constant(parser.name(), line), line);
        } else if (parser.accept("[")) {
            Expression key = read();
            parser.expect("]");
            return new Expression.Index(object, key, line);
        } else if (parser.accept(":")) {
            String name = parser.name();
            return new Expression.MethodCall(object, name, arguments(), line);
        } else if (parser.at("(") || parser.at("{") || parser.token().kind() == Kind.STRING) {
            return new Expression.Call(object, arguments(), line);
        }
        return object;
    }

    private List<Expression> arguments() throws SyntaxError {
        int line = parser.line();
        if (parser.token().kind() == Kind.STRING) {
            return List.of(constant(parser.token().text(), line));
        }
        if (parser.at("{")) {
            return List.of(table(line));
        }
        if (!parser.accept("(")) {
            throw parser.unexpected("function arguments expected");
        }
        List<Expression> arguments = parser.at(")") ? List.of() : list();
        if (!parser.accept(")")) {
            throw parser.unexpected("')' expected");
        }
        return arguments;
    }
}
