// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.send;

/** The exit codes that callers of {@code sendmail} know, from {@code sysexits.h}. */
final class SysExit {

    /** The relay has the message. */
    static final int OK = 0;

    /** The command line is wrong, or names no recipient. */
    static final int USAGE = 64;

    /** The message is wrong: an address in it, or its form. */
    static final int DATAERR = 65;

    /** The relay refused for good. */
    static final int UNAVAILABLE = 69;

    /** Something here could not be read or written. */
    static final int IOERR = 74;

    /** The relay cannot be reached or refused for now: try again. */
    static final int TEMPFAIL = 75;

    private SysExit() {}
}
