// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.syntax;

import java.util.List;

/** What has a value. Every part knows the line that an error in it is reported at. */
public sealed interface Expression {

    /** The line, counted from 1. */
    int line();

    /** {@code nil}, {@code true}, {@code false}, a number or a string. */
    record Constant(Object value, int line) implements Expression {}

    /** {@code ...} */
    record Varargs(int line) implements Expression {}

    /** A local variable of the same function. */
    record Local(Variable variable, int line) implements Expression, Assignable {}

    /** A local variable of a function around this one. */
    record Upvalue(int index, String name, int line) implements Expression, Assignable {}

    /** A variable of the function's environment. */
    record Global(String name, int line) implements Expression, Assignable {}

    /** {@code object[key]}, {@code object.key} */
    record Index(Expression object, Expression key, int line) implements Expression, Assignable {}

    /** {@code function(arguments)} */
    record Call(Expression function, List<Expression> arguments, int line) implements Expression {}

    /** {@code object:name(arguments)} */
    record MethodCall(Expression object, String name, List<Expression> arguments, int line) implements Expression {}

    /** {@code (inner)}, which has exactly one value. */
    record Parenthesised(Expression inner, int line) implements Expression {}

    /** A function. */
    record Function(FunctionBody body, int line) implements Expression {}

    /** {@code left and right} */
    record And(Expression left, Expression right, int line) implements Expression {}

    /** {@code left or right} */
    record Or(Expression left, Expression right, int line) implements Expression {}

    /** {@code not operand} */
    record Not(Expression operand, int line) implements Expression {}

    /** {@code - operand}, {@code # operand}, {@code ~ operand} */
    record Unary(UnaryOperator operator, Expression operand, int line) implements Expression {}

    /** An operator that needs both its operands. */
    record Binary(BinaryOperator operator, Expression left, Expression right, int line) implements Expression {}

    /** {@code a .. b .. c}, which is one operation however many operands it has. */
    record Concatenation(List<Expression> operands, int line) implements Expression {}

    /** <code>{ … }</code>; the last positional item gives all its values. */
    record Table(List<Expression> positional, List<Field> fields, int line) implements Expression {}

    /** {@code [key] = value} in a table. */
    record Field(Expression key, Expression value) {}

    /** What may stand left of {@code =}. */
    sealed interface Assignable permits Local, Upvalue, Global, Index {}
}
