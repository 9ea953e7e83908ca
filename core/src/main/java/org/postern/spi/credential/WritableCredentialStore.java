// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.credential;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A store that others may write to, such as a vault that keeps a refresh token which its issuer replaces at each use.
 * Registered as a {@link CredentialStore}.
 */
@ConsumerType
public interface WritableCredentialStore extends CredentialStore {

    /**
     * Adds a credential or replaces its user, secret and hosts; what else the store keeps of it stays. Afterwards the
     * store holds either the old state or the new one, whenever the power fails, and once this has returned
     * {@link UpdateResult.Updated} it holds the new one and answers with it. What was there before should be kept in a
     * history if the store has one. An exception counts as {@link UpdateResult.NotUpdated}.
     *
     * @param update what to write; its secret stays the caller's
     * @return never null
     * @throws InterruptedException if the caller stopped waiting
     */
    UpdateResult update(CredentialUpdate update) throws InterruptedException;
}
