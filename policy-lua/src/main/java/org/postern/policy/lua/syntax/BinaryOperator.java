// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.syntax;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Operators with two operands. What binds how tightly is Lua 5.1's; the bit operators, which it has not, stand where later
 * versions of Lua put them: looser than {@code ..}, tighter than comparisons.
 */
public enum BinaryOperator {
    OR("or", 1),
    AND("and", 2),
    LESS("<", 3),
    GREATER(">", 3),
    LESS_OR_EQUAL("<=", 3),
    GREATER_OR_EQUAL(">=", 3),
    NOT_EQUAL("~=", 3),
    NOT_EQUAL_IN_C("!=", 3),
    EQUAL("==", 3),
    BIT_OR("|", 4),
    BIT_XOR("^^", 5),
    BIT_AND("&", 6),
    SHIFT_LEFT("<<", 7),
    SHIFT_RIGHT(">>", 7),
    CONCATENATE("..", 9, 8),
    ADD("+", 10),
    SUBTRACT("-", 10),
    MULTIPLY("*", 11),
    DIVIDE("/", 11),
    DIVIDE_WHOLE("\\", 11),
    MODULO("%", 11),
    POWER("^", 14, 13);

    /** How tightly {@code not}, {@code -}, {@code #}, {@code ~} and {@code !} bind. */
    static final int UNARY = 12;

    private static final Map<String, BinaryOperator> BY_SYMBOL =
            Arrays.stream(values()).collect(Collectors.toMap(operator -> operator.symbol, Function.identity()));

    private final String symbol;
    final int left;
    final int right;

    BinaryOperator(String symbol, int both) {
        this(symbol, both, both);
    }

    BinaryOperator(String symbol, int left, int right) {
        this.symbol = symbol;
        this.left = left;
        this.right = right;
    }

    /** The metamethod that is asked where an operand is no number; the operators that Lua 5.1 has not, have their own. */
    public String event() {
        return switch (this) {
            case ADD -> "__add";
            case SUBTRACT -> "__sub";
            case MULTIPLY -> "__mul";
            case DIVIDE -> "__div";
            case DIVIDE_WHOLE -> "__idiv";
            case MODULO -> "__mod";
            case POWER -> "__pow";
            case BIT_AND -> "__band";
            case BIT_OR -> "__bor";
            case BIT_XOR -> "__bxor";
            case SHIFT_LEFT -> "__shl";
            case SHIFT_RIGHT -> "__shr";
            case CONCATENATE -> "__concat";
            case EQUAL, NOT_EQUAL, NOT_EQUAL_IN_C -> "__eq";
            case LESS, GREATER -> "__lt";
            case LESS_OR_EQUAL, GREATER_OR_EQUAL -> "__le";
            case OR, AND -> throw new IllegalArgumentException(this + " asks nobody");
        };
    }

    /** The operator, or null if the token is none. */
    static BinaryOperator of(Token token) {
        return token.kind() == Token.Kind.SYMBOL ? BY_SYMBOL.get(token.text()) : null;
    }
}
