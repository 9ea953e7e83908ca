// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import org.postern.core.outcome.Judgement;

/** Ends an attempt because an account is used for as much as it may be. The message waits for its turn. */
final class OverLimit extends NotDeliverable {

    private static final long serialVersionUID = 1L;

    private final transient Turn turn;

    OverLimit(Judgement judgement, Turn turn) {
        super(judgement);
        this.turn = turn;
    }

    Turn turn() {
        return turn;
    }
}
