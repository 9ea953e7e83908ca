// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.time.Instant;

/** A store takes its time over a question. Nothing is wrong; whoever asked is to come back when it has been answered. */
public final class NotAnswered extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient StoreQuestion question;
    private final Instant since;
    private final Instant until;

    /**
     * @param since when it was asked first, to be said when it is asked again
     * @param until when the store is given up, if nothing is in its way
     */
    NotAnswered(StoreQuestion question, Instant since, Instant until) {
        super(
                "store " + question.store() + " is being asked for "
                        + Words.oneLine(question.ref().toString()),
                null,
                false,
                false);
        this.question = question;
        this.since = since;
        this.until = until;
    }

    /** What is being asked. */
    public StoreQuestion question() {
        return question;
    }

    /** When it was asked first. */
    public Instant since() {
        return since;
    }

    /** When the store is given up, if nothing is in its way. */
    public Instant until() {
        return until;
    }
}
