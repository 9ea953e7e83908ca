// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * A mechanism that a bundle provides, without the mechanism itself: keeping it pins nothing.
 *
 * @param name the registered name, in upper case
 * @param ranking its strength; higher is stronger
 * @param revealsSecret whether it shows a secret that can be used again
 * @param feeds the kinds of credential that it can use
 * @param bundle symbolic name and version of the bundle
 * @param serviceId the service that it is
 */
public record InstalledMechanism(
        String name, int ranking, boolean revealsSecret, Set<String> feeds, String bundle, long serviceId) {

    /** Normalises the name and copies the set. */
    public InstalledMechanism {
        name = name.toUpperCase(Locale.ROOT);
        feeds = Set.copyOf(feeds);
        Objects.requireNonNull(bundle, "bundle");
    }
}
