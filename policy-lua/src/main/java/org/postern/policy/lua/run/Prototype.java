// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.run;

/**
 * A function as it was compiled: immutable, shared by all closures in all states.
 */
public interface Prototype {

    /** As a traceback names it; empty for a function without name. */
    String name();

    /** The name of its chunk. */
    String chunk();

    /** Where it begins. */
    int line();

    /** How many places its frame needs. */
    int slots();

    /** How many parameters have names. */
    int parameters();

    /** Whether it takes more. */
    boolean varargs();

    /** Runs it in a frame whose first slots hold the arguments. */
    Object[] run(Frame frame);
}
