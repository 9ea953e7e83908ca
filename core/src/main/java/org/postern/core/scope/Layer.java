// SPDX-License-Identifier: Apache-2.0
package org.postern.core.scope;

import java.util.List;
import java.util.Optional;
import org.postern.spi.settings.Located;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.SettingsSnapshot;

/**
 * What several places say together: the winner for each option of which any of them speaks. Immutable.
 *
 * <p>Bindings and domains are many, and their pairs are many more. What a message's places say is therefore put together
 * from one layer for the binding and one for the domain, each made once, rather than from the places themselves.
 */
final class Layer {

    /** What no place says. */
    static final Layer SILENT = new Layer(new Resolved<?>[0]);

    private final Resolved<?>[] winners;

    private Layer(Resolved<?>[] winners) {
        this.winners = winners;
    }

    /** @param places strongest first */
    static Layer of(SettingsSnapshot snapshot, Options options, List<ScopePath> places) {
        if (places.isEmpty()) {
            return SILENT;
        }
        Resolved<?>[] winners = new Resolved<?>[options.count()];
        for (ScopePath place : places) {
            snapshot.writtenAt(place).forEach((key, written) -> {
                int number = options.numberOf(key);
                if (winners[number] == null) {
                    winners[number] = won(place, written);
                }
            });
        }
        return new Layer(winners);
    }

    private static <T> Resolved<T> won(ScopePath place, Located<T> written) {
        return new Resolved<>(
                written.value(),
                Optional.of(written.origin()),
                Optional.of(place),
                written.value().isEmpty());
    }

    /** The winner, or null where all places are silent. */
    Resolved<?> winner(int option) {
        return option < winners.length ? winners[option] : null;
    }
}
