// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.meaning;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postern.config.store.meaning.Written.Entry;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.Setting;

/**
 * What holds at a place together with what is written there, as far as the file tells. What is true of a message is decided
 * by the engine; this looks for what comes together whatever the message is.
 */
final class Surroundings {

    private final Written written;

    /**
     * An option and the place that speaks.
     *
     * @param place where it is written
     * @param entry what is written
     */
    record Found(ScopePath place, Entry<?> entry) {}

    Surroundings(Written written) {
        this.written = written;
    }

    /** The first place, from this one outwards, that has the option, if it does not cancel it. */
    Optional<Found> find(ScopePath place, Setting<?> setting) {
        return around(place).stream()
                .flatMap(broader -> written.at(broader, setting.key()).map(entry -> new Found(broader, entry)).stream())
                .findFirst()
                .filter(found -> found.entry().value().value().isPresent());
    }

    private static Set<ScopePath> around(ScopePath place) {
        Set<ScopePath> places = new LinkedHashSet<>();
        Optional<String> group = place.group().or(() -> place.binding().map(binding -> "default"));
        Optional<ScopePath> outer = group.map(ScopePath::ofGroup);
        Optional<String> binding = place.binding();
        Optional<ScopePath> inner = outer.flatMap(of -> binding.map(of::withBinding));
        Optional<ScopePath> bare = binding.map(ScopePath::ofBinding);
        place.domain()
                .ifPresent(domain -> List.of(inner, bare, outer)
                        .forEach(broader -> broader.ifPresent(of -> places.add(of.withDomain(domain)))));
        List.of(inner, bare, outer).forEach(broader -> broader.ifPresent(places::add));
        place.domain().map(ScopePath::ofDomain).ifPresent(places::add);
        places.add(ScopePath.GLOBAL);
        return places;
    }
}
