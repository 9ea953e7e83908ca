// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.code;

import org.postern.policy.lua.run.Described;
import org.postern.policy.lua.run.Frame;
import org.postern.policy.lua.run.Metamethods;
import org.postern.policy.lua.run.Values;
import org.postern.policy.lua.syntax.BinaryOperator;
import org.postern.policy.lua.syntax.UnaryOperator;

/** Operators. */
final class OperatorNodes {

    private OperatorNodes() {}

    static final class AndNode extends Node {

        private final Node left;
        private final Node right;

        AndNode(Node left, Node right) {
            this.left = left;
            this.right = right;
        }

        @Override
        Object value(Frame frame) {
            Object value = left.value(frame);
            return Values.isTrue(value) ? right.value(frame) : value;
        }
    }

    static final class OrNode extends Node {

        private final Node left;
        private final Node right;

        OrNode(Node left, Node right) {
            this.left = left;
            this.right = right;
        }

        @Override
        Object value(Frame frame) {
            Object value = left.value(frame);
            return Values.isTrue(value) ? value : right.value(frame);
        }
    }

    static final class NotNode extends Node {

        private final Node operand;

        NotNode(Node operand) {
            this.operand = operand;
        }

        @Override
        Object value(Frame frame) {
            return !operand.isTrue(frame);
        }

        @Override
        boolean isTrue(Frame frame) {
            return !operand.isTrue(frame);
        }
    }

    /** {@code (f())}: one value, whatever is inside. */
    static final class SingleNode extends Node {

        private final Node inner;

        SingleNode(Node inner) {
            this.inner = inner;
        }

        @Override
        Object value(Frame frame) {
            return inner.value(frame);
        }
    }

    static final class UnaryNode extends Node {

        private final UnaryOperator operator;
        private final Node operand;
        private final int line;

        UnaryNode(UnaryOperator operator, Node operand, int line) {
            this.operator = operator;
            this.operand = operand;
            this.line = line;
        }

        @Override
        Object value(Frame frame) {
            Object value = operand.value(frame);
            frame.line = line;
            return frame.state().metamethods().unary(operator, value, operand);
        }
    }

    static final class ArithmeticNode extends Node {

        private final BinaryOperator operator;
        private final Node left;
        private final Node right;
        private final int line;

        ArithmeticNode(BinaryOperator operator, Node left, Node right, int line) {
            this.operator = operator;
            this.left = left;
            this.right = right;
            this.line = line;
        }

        @Override
        Object value(Frame frame) {
            Object a = left.value(frame);
            Object b = right.value(frame);
            if (a instanceof Double x && b instanceof Double y) {
                return Metamethods.apply(operator, x, y);
            }
            frame.line = line;
            return frame.state().metamethods().arithmetic(operator, a, b, left, right);
        }
    }

    static final class ComparisonNode extends Node {

        private final BinaryOperator operator;
        private final Node left;
        private final Node right;
        private final int line;

        ComparisonNode(BinaryOperator operator, Node left, Node right, int line) {
            this.operator = operator;
            this.left = left;
            this.right = right;
            this.line = line;
        }

        @Override
        Object value(Frame frame) {
            return isTrue(frame);
        }

        @Override
        boolean isTrue(Frame frame) {
            Object a = left.value(frame);
            Object b = right.value(frame);
            frame.line = line;
            Metamethods metamethods = frame.state().metamethods();
            return switch (operator) {
                case EQUAL -> metamethods.areEqual(a, b);
                case NOT_EQUAL, NOT_EQUAL_IN_C -> !metamethods.areEqual(a, b);
                case LESS -> metamethods.isLess(a, b);
                case LESS_OR_EQUAL -> metamethods.isLessOrEqual(a, b);
                case GREATER -> metamethods.isLess(b, a);
                case GREATER_OR_EQUAL -> metamethods.isLessOrEqual(b, a);
                default -> throw new IllegalStateException(operator + " compares nothing");
            };
        }
    }

    static final class ConcatenationNode extends Node {

        private final Node[] operands;
        private final int line;

        ConcatenationNode(Node[] operands, int line) {
            this.operands = operands;
            this.line = line;
        }

        @Override
        Object value(Frame frame) {
            Object[] values = new Object[operands.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = operands[i].value(frame);
            }
            frame.line = line;
            return frame.state().metamethods().concatenate(values, (Described[]) operands);
        }
    }
}
