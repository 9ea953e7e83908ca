// SPDX-License-Identifier: Apache-2.0
package org.postern.peer;

/** The client did not say what the dialogue expects. The text names the line, and ends with the whole transcript. */
public final class DialogueMismatch extends AssertionError {

    private static final long serialVersionUID = 1L;

    DialogueMismatch(String message) {
        super(message);
    }
}
