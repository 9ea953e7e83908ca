// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store;

/** The exit codes of {@link org.postern.spi.command.OperatorCommand}. */
final class ExitCode {

    static final int DONE = 0;
    static final int FAILED = 1;
    static final int ARGUMENTS = 2;
    static final int CONFIGURATION = 3;

    private ExitCode() {}
}
