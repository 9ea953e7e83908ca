// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import org.postern.core.outcome.Judgement;

/**
 * Ends an attempt before its mail transaction. The judgement was made by the failure policy; this only carries it up to
 * the pipeline, so that the pipeline's steps read one after the other.
 */
class NotDeliverable extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Judgement judgement;

    NotDeliverable(Judgement judgement) {
        super(null, null, false, false);
        this.judgement = judgement;
    }

    // Made for each attempt, and seldom looked at.
    @Override
    public String getMessage() {
        return judgement.outcome().toString();
    }

    Judgement judgement() {
        return judgement;
    }
}
