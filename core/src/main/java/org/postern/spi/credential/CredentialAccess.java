// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.credential;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Offered by the engine as a service to stores that need secrets of other stores: a store of access tokens keeps its
 * client secret and its refresh token in a vault, and never in its own configuration.
 *
 * <p>The stores of the bundle that asks are left out, so that a store cannot ask itself.
 *
 * <p>Threading: safe for many threads. A call runs on the caller's thread and blocks as long as the stores do; interrupt
 * it to give up.
 */
@ProviderType
public interface CredentialAccess {

    /**
     * Asks the other stores in the order of their ranking.
     *
     * @return never null; a credential found is the caller's to close
     * @throws InterruptedException if the caller was told to stop
     */
    Lookup lookup(CredentialRef ref) throws InterruptedException;

    /**
     * Puts a secret where {@link #lookup} finds it: into the store that holds the credential, or if none does, into the
     * first that can be written to.
     *
     * @return never null
     * @throws InterruptedException if the caller was told to stop; what was written is then not known
     */
    UpdateResult update(CredentialUpdate update) throws InterruptedException;
}
