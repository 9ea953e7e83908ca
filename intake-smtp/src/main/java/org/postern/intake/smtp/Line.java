// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

/** What was found where a command was expected. */
sealed interface Line {

    /**
     * A command.
     *
     * @param text without line end; UTF-8 where it is not ASCII
     */
    record Text(String text) implements Line {}

    /** A line over the limit; it was skipped. */
    record TooLong() implements Line {}

    /** Octets that are not UTF-8. */
    record NotUtf8() implements Line {}

    /**
     * A line whose end other programs may see elsewhere.
     *
     * @param what {@code bare CR} or {@code bare LF}
     */
    record BadEnd(String what) implements Line {}

    /** So much without a line end that waiting for one is given up. */
    record Endless() implements Line {}
}
