// SPDX-License-Identifier: Apache-2.0
package org.postern.engine.dto;

import java.util.List;

/**
 * A mechanism that is installed.
 *
 * @param name its registered name
 * @param ranking its strength; higher is stronger
 * @param revealsSecret whether it shows a reusable secret to the peer
 * @param feeds the kinds of credential that it can use
 * @param bundle symbolic name and version of the bundle that it comes from
 */
public record MechanismView(String name, int ranking, boolean revealsSecret, List<String> feeds, String bundle) {

    /** Copies the list. */
    public MechanismView {
        feeds = List.copyOf(feeds);
    }
}
