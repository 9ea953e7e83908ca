// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.code;

import org.postern.policy.lua.run.Described;
import org.postern.policy.lua.run.Frame;
import org.postern.policy.lua.run.TailCall;
import org.postern.policy.lua.run.Values;

/** Calls. */
final class CallNodes {

    private CallNodes() {}

    /** What can also be the last thing that a function does. */
    abstract static class AnyCallNode extends Node {

        final int line;

        AnyCallNode(int line) {
            this.line = line;
        }

        /** What is called with what, nothing called yet. */
        abstract TailCall prepare(Frame frame);

        @Override
        boolean isMultiple() {
            return true;
        }

        @Override
        Object value(Frame frame) {
            return Values.first(values(frame));
        }
    }

    static final class CallNode extends AnyCallNode {

        private final Node function;
        private final Node[] arguments;

        CallNode(Node function, Node[] arguments, int line) {
            super(line);
            this.function = function;
            this.arguments = arguments;
        }

        @Override
        Object[] values(Frame frame) {
            Object called = function.value(frame);
            Object[] with = valuesOf(arguments, frame);
            frame.line = line;
            return frame.state().call(called, with, function);
        }

        @Override
        TailCall prepare(Frame frame) {
            Object called = function.value(frame);
            Object[] with = valuesOf(arguments, frame);
            frame.line = line;
            return new TailCall(called, with, function);
        }
    }

    static final class MethodCallNode extends AnyCallNode {

        private final Node object;
        private final String name;
        private final Node[] arguments;
        private final Described method;

        MethodCallNode(Node object, String name, Node[] arguments, int line) {
            super(line);
            this.object = object;
            this.name = name;
            this.arguments = arguments;
            this.method = () -> "method '" + name + "'";
        }

        @Override
        Object[] values(Frame frame) {
            TailCall call = prepare(frame);
            return frame.state().call(call.function(), call.arguments(), method);
        }

        @Override
        TailCall prepare(Frame frame) {
            Object self = object.value(frame);
            frame.line = line;
            Object called = frame.state().metamethods().index(self, name, object);
            Object[] rest = valuesOf(arguments, frame);
            Object[] with = new Object[rest.length + 1];
            with[0] = self;
            System.arraycopy(rest, 0, with, 1, rest.length);
            frame.line = line;
            return new TailCall(called, with, method);
        }
    }
}
