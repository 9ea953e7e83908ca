// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.code;

import org.postern.policy.lua.code.CallNodes.AnyCallNode;
import org.postern.policy.lua.run.Frame;
import org.postern.policy.lua.run.Values;

/** Statements without loops. */
final class Actions {

    private Actions() {}

    static final class CallAction extends Action {

        private final Node call;

        CallAction(Node call) {
            this.call = call;
        }

        @Override
        Object[] run(Frame frame) {
            call.values(frame);
            return null;
        }
    }

    static final class DoAction extends Action {

        private final Action[] block;

        DoAction(Action[] block) {
            this.block = block;
        }

        @Override
        Object[] run(Frame frame) {
            return runAll(block, frame);
        }
    }

    static final class IfAction extends Action {

        private final Node[] conditions;
        private final Action[][] blocks;
        private final Action[] otherwise;

        IfAction(Node[] conditions, Action[][] blocks, Action[] otherwise) {
            this.conditions = conditions;
            this.blocks = blocks;
            this.otherwise = otherwise;
        }

        @Override
        Object[] run(Frame frame) {
            for (int i = 0; i < conditions.length; i++) {
                if (conditions[i].isTrue(frame)) {
                    return runAll(blocks[i], frame);
                }
            }
            return runAll(otherwise, frame);
        }
    }

    static final class BreakAction extends Action {

        @Override
        Object[] run(Frame frame) {
            return BREAK;
        }
    }

    static final class ReturnAction extends Action {

        private final Node[] values;

        ReturnAction(Node[] values) {
            this.values = values;
        }

        @Override
        Object[] run(Frame frame) {
            return Node.valuesOf(values, frame);
        }
    }

    static final class ReturnCallAction extends Action {

        private final AnyCallNode call;

        ReturnCallAction(AnyCallNode call) {
            this.call = call;
        }

        @Override
        Object[] run(Frame frame) {
            return new Object[] {call.prepare(frame)};
        }
    }

    /** One variable, one value. */
    static final class AssignAction extends Action {

        private final Target target;
        private final Node value;

        AssignAction(Target target, Node value) {
            this.target = target;
            this.value = value;
        }

        @Override
        Object[] run(Frame frame) {
            if (target instanceof Target.Indexed indexed) {
                Object object = indexed.object(frame);
                Object key = indexed.key(frame);
                indexed.store(frame, object, key, value.value(frame));
            } else {
                target.store(frame, value.value(frame));
            }
            return null;
        }
    }

    /** Several variables: everything is evaluated before anything is stored. */
    static final class AssignAllAction extends Action {

        private final Target[] targets;
        private final Node[] values;

        AssignAllAction(Target[] targets, Node[] values) {
            this.targets = targets;
            this.values = values;
        }

        @Override
        Object[] run(Frame frame) {
            Object[] objects = new Object[targets.length];
            Object[] keys = new Object[targets.length];
            for (int i = 0; i < targets.length; i++) {
                if (targets[i] instanceof Target.Indexed indexed) {
                    objects[i] = indexed.object(frame);
                    keys[i] = indexed.key(frame);
                }
            }
            Object[] results = Node.valuesOf(values, frame);
            for (int i = targets.length - 1; i >= 0; i--) {
                Object result = i < results.length ? results[i] : null;
                if (targets[i] instanceof Target.Indexed indexed) {
                    indexed.store(frame, objects[i], keys[i], result);
                } else {
                    targets[i].store(frame, result);
                }
            }
            return null;
        }
    }

    static final class DeclareAction extends Action {

        private final Target[] targets;
        private final Node[] values;

        DeclareAction(Target[] targets, Node[] values) {
            this.targets = targets;
            this.values = values;
        }

        @Override
        Object[] run(Frame frame) {
            if (targets.length == 1 && values.length == 1) {
                targets[0].store(frame, values[0].value(frame));
                return null;
            }
            Object[] results = values.length == 0 ? Values.NONE : Node.valuesOf(values, frame);
            for (int i = 0; i < targets.length; i++) {
                targets[i].store(frame, i < results.length ? results[i] : null);
            }
            return null;
        }
    }

    /** {@code local function}: the variable is there before the function is made. */
    static final class LocalFunctionAction extends Action {

        private final Target declared;
        private final Target assigned;
        private final Node function;

        LocalFunctionAction(Target declared, Target assigned, Node function) {
            this.declared = declared;
            this.assigned = assigned;
            this.function = function;
        }

        @Override
        Object[] run(Frame frame) {
            declared.store(frame, null);
            assigned.store(frame, function.value(frame));
            return null;
        }
    }
}
