// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.credential;

import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Where credentials come from. Registered as an OSGi service; with several stores the one of highest
 * {@code service.ranking} is asked first, and the next one where it has no such credential.
 *
 * <p>Threading: called by many threads at once, never under a lock of the engine. A lookup may block; the engine gives
 * it a deadline and interrupts it. A store tells {@link CredentialListener}s of changes where it can notice them.
 *
 * <p>A store must not log, throw or return a secret in any other way than inside the credential that was asked for.
 */
@ConsumerType
public interface CredentialStore {

    /** What the log, the explanations and the operator call this store, such as {@code vault}. Never empty. */
    String name();

    /**
     * What this store wants to be told of a message beside the key, always the same. References given to it hold these
     * attributes at most.
     *
     * @return never null; nothing by default
     */
    default Set<LookupAttribute> attributes() {
        return Set.of();
    }

    /**
     * Looks one credential up. An exception counts as {@link Lookup.StoreUnavailable}.
     *
     * @param ref what is wanted
     * @return never null
     * @throws InterruptedException if the engine stopped waiting
     */
    Lookup lookup(CredentialRef ref) throws InterruptedException;

    /**
     * Looks one credential up after a peer has refused a version of it: what the store keeps of that version is not to
     * be trusted. A store that fetches from elsewhere, or holds a token that can be had anew, asks its source; an answer
     * with the same version says that there is no other.
     *
     * @param ref what is wanted
     * @param refused the version that was refused
     * @return never null
     * @throws InterruptedException if the engine stopped waiting
     */
    default Lookup lookupAnew(CredentialRef ref, CredentialVersion refused) throws InterruptedException {
        return lookup(ref);
    }
}
