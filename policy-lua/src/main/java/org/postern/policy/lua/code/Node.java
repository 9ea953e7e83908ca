// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.code;

import org.postern.policy.lua.run.Described;
import org.postern.policy.lua.run.Frame;
import org.postern.policy.lua.run.Limits;
import org.postern.policy.lua.run.Values;

/** An expression that can be evaluated. */
abstract class Node implements Described {

    /** Its one value; nil is null. */
    abstract Object value(Frame frame);

    /** All its values. */
    Object[] values(Frame frame) {
        return new Object[] {value(frame)};
    }

    /** Whether it may have other than one value. */
    boolean isMultiple() {
        return false;
    }

    boolean isTrue(Frame frame) {
        return Values.isTrue(value(frame));
    }

    @Override
    public String description() {
        return "";
    }

    /** The values of several expressions, of which the last gives all that it has. */
    static Object[] valuesOf(Node[] nodes, Frame frame) {
        int count = nodes.length;
        if (count == 0) {
            return Values.NONE;
        }
        if (!nodes[count - 1].isMultiple()) {
            Object[] values = new Object[count];
            for (int i = 0; i < count; i++) {
                values[i] = nodes[i].value(frame);
            }
            return values;
        }
        return count == 1 ? nodes[0].values(frame) : joined(nodes, frame);
    }

    private static Object[] joined(Node[] nodes, Frame frame) {
        int single = nodes.length - 1;
        Object[] front = new Object[single];
        for (int i = 0; i < single; i++) {
            front[i] = nodes[i].value(frame);
        }
        Object[] rest = nodes[single].values(frame);
        if (rest.length > Limits.VALUES) {
            throw frame.state().error("more than " + Limits.VALUES + " values in a list");
        }
        Object[] values = new Object[single + rest.length];
        System.arraycopy(front, 0, values, 0, single);
        System.arraycopy(rest, 0, values, single, rest.length);
        return values;
    }
}
