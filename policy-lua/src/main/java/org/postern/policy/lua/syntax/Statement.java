// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.syntax;

import java.util.List;

/** What does something. */
public sealed interface Statement {

    /** The line, counted from 1. */
    int line();

    /** {@code local names = values} */
    record LocalDeclaration(List<Variable> variables, List<Expression> values, int line) implements Statement {}

    /** {@code local function name … end}, which may call itself. */
    record LocalFunction(Variable variable, Expression.Function function, int line) implements Statement {}

    /** {@code targets = values} */
    record Assignment(List<Expression.Assignable> targets, List<Expression> values, int line) implements Statement {}

    /** A call whose values nobody wants. */
    record CallStatement(Expression call, int line) implements Statement {}

    /** {@code do … end} */
    record Do(List<Statement> block, int line) implements Statement {}

    /** {@code while condition do … end} */
    record While(Expression condition, List<Statement> block, int line) implements Statement {}

    /** {@code repeat … until condition} */
    record Repeat(List<Statement> block, Expression condition, int line) implements Statement {}

    /** {@code if … elseif … else … end}; the last branch has no condition if it is an {@code else}. */
    record If(List<Branch> branches, List<Statement> otherwise, int line) implements Statement {}

    /** One condition of an {@link If} and what it leads to. */
    record Branch(Expression condition, List<Statement> block) {}

    /** {@code for variable = from, to, step do … end}; a step of null is 1. */
    record NumericFor(
            Variable variable, Expression from, Expression to, Expression step, List<Statement> block, int line)
            implements Statement {}

    /** {@code for variables in values do … end} */
    record GenericFor(List<Variable> variables, List<Expression> values, List<Statement> block, int line)
            implements Statement {}

    /** {@code return values} */
    record Return(List<Expression> values, int line) implements Statement {}

    /** {@code break} */
    record Break(int line) implements Statement {}
}
