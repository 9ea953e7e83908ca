// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.util.List;

/** Which mechanisms can be used with a peer. */
public sealed interface MechanismChoice {

    /**
     * These, best first.
     *
     * @param mechanisms never empty
     */
    record Usable(List<InstalledMechanism> mechanisms) implements MechanismChoice {

        /** Copies the list. */
        public Usable {
            mechanisms = List.copyOf(mechanisms);
        }

        /** The best one. */
        public InstalledMechanism best() {
            return mechanisms.getFirst();
        }
    }

    /**
     * None.
     *
     * @param explanation one line in four columns: offered by the peer, installed here, removed by policy, cannot be
     *     fed by this credential
     */
    record NoneUsable(String explanation) implements MechanismChoice {}
}
