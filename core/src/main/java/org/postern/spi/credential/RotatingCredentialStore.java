// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.credential;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A store that keeps a coming credential beside the current one ({@link Lookup.Found#next()}) and can make it the current
 * one. The engine logs in with the coming credential in a share of new sessions first. Where peers accept it, it asks the
 * store to promote it; where one refuses it, it goes on with the current one and says so. Registered as a
 * {@link CredentialStore}.
 *
 * <p>A store may offer a coming credential without being able to promote it, because somebody else writes to its source:
 * then it is a plain {@link CredentialStore}, and the engine keeps in mind by itself that the coming one works.
 */
@ConsumerType
public interface RotatingCredentialStore extends CredentialStore {

    /**
     * Makes the coming credential the current one; there is no coming one afterwards. An exception counts as
     * {@link UpdateResult.NotUpdated}. To promote a version again changes nothing; the answer is then
     * {@link UpdateResult.Updated} where the store knows it as the current one, else {@link UpdateResult.Superseded}.
     *
     * @param ref which credential
     * @param next the version of the coming credential that has been proven; if the store holds another, nothing changes
     *     and the answer is {@link UpdateResult.Superseded}
     * @return never null; the version of an {@link UpdateResult.Updated} is what {@link #lookup} answers from now on. It
     *     is {@code next} itself wherever the store can keep it, so that sessions opened with it stay in use
     * @throws InterruptedException if the engine stopped waiting
     */
    UpdateResult promote(CredentialRef ref, CredentialVersion next) throws InterruptedException;
}
