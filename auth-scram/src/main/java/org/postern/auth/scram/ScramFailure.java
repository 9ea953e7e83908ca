// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.scram;

/** The exchange cannot go on. The message is one line for people, without secrets and without text of the peer's. */
final class ScramFailure extends Exception {
    private static final long serialVersionUID = 1L;

    ScramFailure(String reason) {
        super(reason, null, false, false);
    }
}
