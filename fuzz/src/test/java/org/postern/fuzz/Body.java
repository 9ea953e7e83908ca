// SPDX-License-Identifier: Apache-2.0
package org.postern.fuzz;

/** What a target does with one input. Called again and again by one thread; keeps nothing between two inputs. */
@FunctionalInterface
public interface Body {

    /**
     * Reads the input as the product does, and checks what has to be true whatever it holds.
     *
     * @throws Exception or an {@link Error}, as a finding
     */
    void run(byte[] input) throws Exception;

    /** Fails with a text unless a condition holds. */
    static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    /** Whether a text can be shown in one line of a log or on a terminal. */
    static boolean isOneLine(String text) {
        return text.chars().noneMatch(Character::isISOControl);
    }
}
