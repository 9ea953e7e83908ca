// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store;

import java.util.List;
import org.postern.config.store.meaning.Loaded;
import org.postern.spi.credential.CredentialStore;

/** The credential stores of the container. */
interface CredentialStores {

    /** What is done with the stores. */
    interface Use<R> {

        /** @param stores in the order in which they are asked; not to be kept */
        R of(List<CredentialStore> stores) throws InterruptedException;
    }

    /** Whether a store would be there if this configuration were in force. */
    boolean anyWith(Loaded loaded);

    /** Uses the stores that are there now. */
    <R> R use(Use<R> use) throws InterruptedException;
}
