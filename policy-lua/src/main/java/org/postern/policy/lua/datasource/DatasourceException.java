// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.datasource;

/** A query that failed, in one line for the operator. The text never holds a password of the datasource itself. */
public final class DatasourceException extends Exception {

    private static final long serialVersionUID = 1L;
    private static final int LONGEST = 500;

    /** What went wrong. */
    public DatasourceException(String message) {
        super(oneLine(message));
    }

    private static String oneLine(String message) {
        StringBuilder line = new StringBuilder();
        message.codePoints().limit(LONGEST).forEach(c -> line.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
        return line.toString().strip();
    }
}
