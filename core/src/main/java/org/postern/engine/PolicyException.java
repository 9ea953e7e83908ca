// SPDX-License-Identifier: Apache-2.0
package org.postern.engine;

import java.io.IOException;

/** A message cannot be taken now, because what decides over it could not be asked. Storage is in order. */
public final class PolicyException extends IOException {

    private static final long serialVersionUID = 1L;

    /** @param message one line for the operator, without secrets */
    public PolicyException(String message) {
        super(message);
    }
}
