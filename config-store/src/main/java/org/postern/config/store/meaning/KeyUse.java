// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.meaning;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.postern.config.store.meaning.Surroundings.Found;
import org.postern.spi.policy.OutboundAuthSettings;
import org.postern.spi.settings.Located;
import org.postern.spi.settings.Origin;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.SettingsSnapshot;

/**
 * A place that names a credential for the stores.
 *
 * @param key the name
 * @param origin where it is written
 * @param user the user that goes together with it, if the configuration sets one
 */
public record KeyUse(String key, Origin origin, Optional<Located<String>> user) {

    /** @throws NullPointerException if a part is missing */
    public KeyUse {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(user, "user");
    }

    /** Every one, in the order of the files. */
    static List<KeyUse> in(Written written, SettingsSnapshot snapshot) {
        Surroundings surroundings = new Surroundings(written);
        List<KeyUse> uses = new ArrayList<>();
        for (ScopePath place : written.places()) {
            snapshot.at(place, OutboundAuthSettings.KEY)
                    .ifPresent(key -> key.value()
                            .ifPresent(name ->
                                    uses.add(new KeyUse(name, key.origin(), user(place, surroundings, snapshot)))));
        }
        return uses;
    }

    /** Where a password is set too, the user goes with that and the key is not looked up. */
    private static Optional<Located<String>> user(
            ScopePath place, Surroundings surroundings, SettingsSnapshot snapshot) {
        return surroundings.find(place, OutboundAuthSettings.PASS).isPresent()
                ? Optional.empty()
                : surroundings
                        .find(place, OutboundAuthSettings.USER)
                        .map(Found::place)
                        .flatMap(speaking -> snapshot.at(speaking, OutboundAuthSettings.USER));
    }
}
