// SPDX-License-Identifier: Apache-2.0
package org.postern.core.cluster;

import java.util.Set;

/**
 * What a verb came to on one node.
 *
 * @param code the exit code, were nothing missing
 * @param missing which of the names on the line mean nothing there; they may mean something on another node
 */
public record VerbResult(int code, Set<String> missing) {

    /** Copies the set. */
    public VerbResult {
        missing = Set.copyOf(missing);
    }

    /** One that misses nothing. */
    public static VerbResult of(int code) {
        return new VerbResult(code, Set.of());
    }
}
