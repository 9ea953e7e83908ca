// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.run;

import java.time.Duration;

/**
 * What a script may use in one call.
 *
 * @param instructions operations of the language, library functions counting by the work that they do
 * @param memory octets that can be reached from one state of the script, at any moment
 * @param time from the start of the call
 */
public record Limits(long instructions, long memory, Duration time) {

    /** How many functions may be running inside one another. */
    static final int DEPTH = 200;

    /** How many values may be passed to or returned from a function. */
    public static final int VALUES = 8_000;

    /** How many coroutines of a state may be alive. */
    static final int COROUTINES = 500;
}
