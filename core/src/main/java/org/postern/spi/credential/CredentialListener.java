// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.credential;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Offered as a service by the engine and by whoever else keeps something that was made from a credential; a store that
 * notices changes calls every one there is.
 *
 * <p>Threading: may be called by any thread; returns at once.
 */
@ConsumerType
public interface CredentialListener {

    /** The credential may have a new version, may have appeared, or may be gone. */
    void changed(CredentialRef ref);

    /** Any credential of the store may have changed. */
    void storeChanged(String storeName);
}
