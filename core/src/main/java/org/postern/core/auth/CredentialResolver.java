// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import org.postern.spi.policy.ResolvedAuth;

/**
 * Finds the credential that a message is authenticated with: the password if one is set, else what the stores hold under
 * the key. A user that configuration or context set wins over the store's.
 *
 * <p>Threading: safe for many threads; blocks as long as the stores may.
 */
public final class CredentialResolver {

    /** Asks these stores. */
    public CredentialResolver(StoreRegistry stores) {}

    /** The credential. Never says that none is needed: whether authentication applies was decided before. */
    public CredentialResult resolve(ResolvedAuth auth) throws InterruptedException {
        throw new UnsupportedOperationException();
    }

    /** The credential, without sharing an answer from before: for after a peer has refused it. */
    public CredentialResult resolveAnew(ResolvedAuth auth) throws InterruptedException {
        throw new UnsupportedOperationException();
    }
}
