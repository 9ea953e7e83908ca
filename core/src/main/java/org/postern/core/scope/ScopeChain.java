// SPDX-License-Identifier: Apache-2.0
package org.postern.core.scope;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.postern.spi.settings.Located;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.Setting;

/**
 * Everything that was written for one option and could have held, strongest first.
 *
 * @param setting the option
 * @param winner what holds
 * @param links every place that speaks; the first one is the winner, the others lost to it
 * @param <T> the type of the option
 */
public record ScopeChain<T>(Setting<T> setting, Resolved<T> winner, List<Link<T>> links) {

    /** Copies the list. */
    public ScopeChain {
        Objects.requireNonNull(setting, "setting");
        Objects.requireNonNull(winner, "winner");
        links = List.copyOf(links);
    }

    /** The winner's link, unless the default holds. */
    public Optional<Link<T>> first() {
        return links.stream().findFirst();
    }

    /** The places that speak and are not heard. */
    public List<Link<T>> losers() {
        return links.isEmpty() ? links : links.subList(1, links.size());
    }

    /**
     * One place that speaks.
     *
     * @param place the scope
     * @param written what stands there
     * @param <T> the type of the option
     */
    public record Link<T>(ScopePath place, Located<T> written) {

        /** @throws NullPointerException if a part is missing */
        public Link {
            Objects.requireNonNull(place, "place");
            Objects.requireNonNull(written, "written");
        }
    }
}
