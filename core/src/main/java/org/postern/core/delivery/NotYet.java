// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import java.time.Instant;

/** A limit of the scopes lets no attempt begin now. Nothing happened and nothing is counted; the message keeps its turn. */
final class NotYet extends Exception {

    private static final long serialVersionUID = 1L;

    private final Instant until;

    /** @param until when to ask again */
    NotYet(Instant until) {
        super("not before " + until, null, false, false);
        this.until = until;
    }

    Instant until() {
        return until;
    }
}
