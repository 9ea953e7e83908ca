// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.util.concurrent.ExecutionException;

/** Carries an error that nobody may swallow, such as an exhausted memory, from the thread it hit to the one that waits. */
final class Fatal {

    private Fatal() {}

    static IllegalStateException of(ExecutionException carrier) {
        if (carrier.getCause() instanceof Error error) {
            throw error;
        }
        return new IllegalStateException(carrier.getCause());
    }
}
