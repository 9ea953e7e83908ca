// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.send;

/** The message was not handed over. */
public final class SendException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    SendException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** What the command ends with. */
    public int exitCode() {
        return exitCode;
    }
}
