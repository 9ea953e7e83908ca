// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import org.postern.core.limits.Account;
import org.postern.core.limits.CredentialLimits;
import org.postern.core.queue.TurnQueue;

/**
 * What mail waits its turn under.
 *
 * @param account whose limits
 * @param limits as they held when it began to wait
 */
record Turn(Account account, CredentialLimits limits) implements TurnQueue.Owned {

    @Override
    public Object owner() {
        return account;
    }
}
