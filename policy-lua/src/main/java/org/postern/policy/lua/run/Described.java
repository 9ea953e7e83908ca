// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.run;

/** A part of a script that messages can name. */
public interface Described {

    /** Nothing to say about it. */
    Described NAMELESS = () -> "";

    /** Such as {@code global 'x'} or {@code field 'y'}; empty if it has no name. */
    String description();
}
