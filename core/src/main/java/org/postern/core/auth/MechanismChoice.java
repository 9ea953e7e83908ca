// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Which mechanisms can be used with a peer. */
public sealed interface MechanismChoice {

    /** One line for people: why this and nothing else. */
    String explanation();

    /**
     * A mechanism that will not be used.
     *
     * @param name its registered name
     * @param reason completes "not used, because ..."
     */
    record Rejected(String name, String reason) {

        /** @throws NullPointerException if a part is missing */
        public Rejected {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(reason, "reason");
        }

        /** Name and reason. */
        @Override
        public String toString() {
            return name + " (" + reason + ")";
        }
    }

    /**
     * These, best first.
     *
     * @param mechanisms never empty
     * @param order what makes the first one the best: the setting and where it is written, or that none is
     * @param rejected every other mechanism that the peer offers or that is installed
     */
    record Usable(List<InstalledMechanism> mechanisms, String order, List<Rejected> rejected)
            implements MechanismChoice {

        /** Copies the lists. */
        public Usable {
            mechanisms = List.copyOf(mechanisms);
            rejected = List.copyOf(rejected);
        }

        /** The best one. */
        public InstalledMechanism best() {
            return mechanisms.getFirst();
        }

        @Override
        public String explanation() {
            String usable = mechanisms.stream().map(InstalledMechanism::name).collect(Collectors.joining(", "));
            String others = rejected.isEmpty()
                    ? "none"
                    : rejected.stream().map(Rejected::toString).collect(Collectors.joining(", "));
            return best().name() + ", " + order + "; usable: " + usable + "; not used: " + others;
        }
    }

    /**
     * Only such as show the secret, while one that does not has worked with this host before.
     *
     * @param usable what could be used all the same
     * @param known what has worked
     * @param byPeer whether the host no longer offers it; otherwise it is only missing here
     * @param explanation one line for people: what has changed, and how to agree
     */
    record Weaker(Usable usable, ProvenMechanism known, boolean byPeer, String explanation)
            implements MechanismChoice {}

    /**
     * None.
     *
     * @param explanation one line in four columns: offered by the peer, installed here, removed by policy, cannot be
     *     fed by this credential
     */
    record NoneUsable(String explanation) implements MechanismChoice {}
}
