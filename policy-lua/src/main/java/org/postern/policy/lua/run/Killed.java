// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.run;

/**
 * A call was ended from outside: it used up its time, its instructions or its memory. No script can catch it, and the state
 * that it ran in is not used again.
 */
public final class Killed extends RuntimeException {

    private static final long serialVersionUID = 1;

    private transient Frame frame;

    /** @param why in words, the end of a sentence about the script */
    public Killed(String why) {
        super(why, null, false, false);
    }

    void at(Frame where) {
        if (frame == null) {
            frame = where;
        }
    }

    /** The functions that were running, innermost first. */
    public String traceback() {
        return Frame.traceback(frame);
    }
}
