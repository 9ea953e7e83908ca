// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.code;

import org.postern.policy.lua.run.Frame;

/** A statement that can be run. */
abstract class Action {

    /** What a {@code break} gives; told from returned values by identity. */
    static final Object[] BREAK = {"break"};

    /** Runs it; null to go on, {@link #BREAK}, or the values that the function returns. */
    abstract Object[] run(Frame frame);

    static Object[] runAll(Action[] actions, Frame frame) {
        for (Action action : actions) {
            Object[] outcome = action.run(frame);
            if (outcome != null) {
                return outcome;
            }
        }
        return null;
    }
}
