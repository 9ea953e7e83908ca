// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.cluster;

import java.util.Objects;
import java.util.Optional;

/** What became of a {@linkplain SharedRegisters#put put}. */
public sealed interface Put {

    /**
     * It holds, for all nodes.
     *
     * @param revision of the register from now on
     */
    record Held(long revision) implements Put {}

    /**
     * Another was there first, and nothing was changed.
     *
     * @param by what is there now, read a moment later; empty if that has ended already
     */
    record Beaten(Optional<Register> by) implements Put {

        /** @throws NullPointerException instead of an empty one */
        public Beaten {
            Objects.requireNonNull(by, "by");
        }
    }
}
