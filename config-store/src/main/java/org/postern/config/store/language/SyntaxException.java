// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.language;

/** A problem after which the characters that follow cannot be understood one by one. */
final class SyntaxException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;
    private final boolean fatal;

    private SyntaxException(Problem problem, boolean fatal) {
        super(problem.toString(), null, false, false);
        this.problem = problem;
        this.fatal = fatal;
    }

    /** Reading can go on at the next line that begins with a word. */
    static SyntaxException recoverable(Problem problem) {
        return new SyntaxException(problem, false);
    }

    /** Nothing that follows in this file can be trusted. */
    static SyntaxException fatal(Problem problem) {
        return new SyntaxException(problem, true);
    }

    Problem problem() {
        return problem;
    }

    boolean isFatal() {
        return fatal;
    }
}
