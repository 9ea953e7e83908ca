// SPDX-License-Identifier: Apache-2.0
package org.postern.fuzz;

/** What Jazzer calls, in a process of its own for each target. */
public final class JazzerEntry {

    private static Target target;

    private JazzerEntry() {}

    /** Jazzer calls it once, with the target's label. */
    public static void fuzzerInitialize(String[] arguments) {
        target = Target.of(arguments[0]).orElseThrow();
    }

    /** Jazzer calls it for each input. It bounds the heap itself, and what it weaves in allocates too. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        target.run(input);
    }
}
