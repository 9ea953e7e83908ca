// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.run;

/** A string that grows piece by piece, each of which is paid for before it is there. */
public final class PaidText {

    private final Budget budget;
    private final StringBuilder text = new StringBuilder();

    /** An empty one. */
    public PaidText(Budget budget) {
        this.budget = budget;
    }

    /**
     * Adds a piece.
     *
     * @throws LuaError if the whole is larger than all memory that the script may have
     */
    public PaidText append(String piece) {
        budget.allocate(2L * piece.length());
        budget.chargeOctets(piece.length());
        budget.checkSize((long) text.length() + piece.length());
        text.append(piece);
        return this;
    }

    /** Whether there is nothing yet. */
    public boolean isEmpty() {
        return text.isEmpty();
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
