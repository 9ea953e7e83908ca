// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.code;

import org.postern.policy.lua.run.Frame;
import org.postern.policy.lua.run.Values;

/** Loops, each turn of which pays its budget. */
final class Loops {

    private Loops() {}

    /** What a turn costs, besides what is called in it. */
    private static int price(Action[] block) {
        return 1 + block.length;
    }

    static final class WhileAction extends Action {

        private final Node condition;
        private final Action[] block;

        WhileAction(Node condition, Action[] block) {
            this.condition = condition;
            this.block = block;
        }

        @Override
        Object[] run(Frame frame) {
            while (condition.isTrue(frame)) {
                frame.state().budget().charge(price(block));
                Object[] outcome = runAll(block, frame);
                if (outcome != null) {
                    return outcome == BREAK ? null : outcome;
                }
            }
            return null;
        }
    }

    static final class RepeatAction extends Action {

        private final Action[] block;
        private final Node condition;

        RepeatAction(Action[] block, Node condition) {
            this.block = block;
            this.condition = condition;
        }

        @Override
        Object[] run(Frame frame) {
            do {
                frame.state().budget().charge(price(block));
                Object[] outcome = runAll(block, frame);
                if (outcome != null) {
                    return outcome == BREAK ? null : outcome;
                }
            } while (!condition.isTrue(frame));
            return null;
        }
    }

    static final class NumericForAction extends Action {

        private final Target variable;
        private final Node from;
        private final Node to;
        private final Node step;
        private final Action[] block;
        private final int line;

        NumericForAction(Target variable, Node from, Node to, Node step, Action[] block, int line) {
            this.variable = variable;
            this.from = from;
            this.to = to;
            this.step = step;
            this.block = block;
            this.line = line;
        }

        @Override
        Object[] run(Frame frame) {
            double at = number(frame, from, "initial value");
            double limit = number(frame, to, "limit");
            double by = step == null ? 1 : number(frame, step, "step");
            while (by > 0 ? at <= limit : limit <= at) {
                frame.state().budget().charge(price(block));
                variable.store(frame, at);
                Object[] outcome = runAll(block, frame);
                if (outcome != null) {
                    return outcome == BREAK ? null : outcome;
                }
                at += by;
            }
            return null;
        }

        private double number(Frame frame, Node node, String what) {
            Double number = Values.toNumber(node.value(frame));
            if (number == null) {
                frame.line = line;
                throw frame.state().error("'for' " + what + " must be a number");
            }
            return number;
        }
    }

    static final class GenericForAction extends Action {

        private final Target[] variables;
        private final Node[] values;
        private final Action[] block;
        private final int line;

        GenericForAction(Target[] variables, Node[] values, Action[] block, int line) {
            this.variables = variables;
            this.values = values;
            this.block = block;
            this.line = line;
        }

        @Override
        Object[] run(Frame frame) {
            Object[] triple = Node.valuesOf(values, frame);
            Object iterator = triple.length > 0 ? triple[0] : null;
            Object state = triple.length > 1 ? triple[1] : null;
            Object control = triple.length > 2 ? triple[2] : null;
            while (true) {
                frame.state().budget().charge(price(block));
                frame.line = line;
                Object[] results = frame.state().call(iterator, state, control);
                control = Values.first(results);
                if (control == null) {
                    return null;
                }
                for (int i = 0; i < variables.length; i++) {
                    variables[i].store(frame, i < results.length ? results[i] : null);
                }
                Object[] outcome = runAll(block, frame);
                if (outcome != null) {
                    return outcome == BREAK ? null : outcome;
                }
            }
        }
    }
}
