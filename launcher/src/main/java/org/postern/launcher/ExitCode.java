// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher;

/** What the command line ends with; {@code docs/running.md} explains them. */
public final class ExitCode {

    /** Done. */
    public static final int OK = 0;

    /** The work was tried and failed. */
    public static final int FAILED = 1;

    /** The command line is wrong. */
    public static final int USAGE = 2;

    /** The configuration is missing or wrong. */
    public static final int CONFIGURATION = 3;

    /** The relay cannot start: a port is taken, the spool is locked or cannot be written, a bundle does not resolve. */
    public static final int CANNOT_START = 4;

    /** The relay had to stop before it had drained. Nothing is lost: what was accepted is on the spool. */
    public static final int NOT_DRAINED = 5;

    private ExitCode() {}
}
