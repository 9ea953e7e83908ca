// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.meaning;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.postern.config.store.meaning.Surroundings.Found;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.LookupAttribute;
import org.postern.spi.policy.OutboundAuthSettings;
import org.postern.spi.policy.StoreReference;
import org.postern.spi.settings.Located;
import org.postern.spi.settings.Origin;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingsSnapshot;

/**
 * A place that names a credential for the stores, by key or by a reference.
 *
 * @param option which option names it
 * @param name what is written: the key, or the reference
 * @param stores which stores are asked, in this order; empty means all of them
 * @param ref what they are asked for, with what is known of messages that the place is for
 * @param origin where it is written
 * @param user the user that goes together with it, if the configuration sets one by itself
 * @param lacksUser whether the store has to know the user
 */
public record KeyUse(
        Setting<?> option,
        String name,
        List<String> stores,
        CredentialRef ref,
        Origin origin,
        Optional<Located<String>> user,
        boolean lacksUser) {

    /** @throws NullPointerException if a part is missing */
    public KeyUse {
        Objects.requireNonNull(option, "option");
        Objects.requireNonNull(name, "name");
        stores = List.copyOf(stores);
        Objects.requireNonNull(ref, "ref");
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(user, "user");
    }

    /** Every one, in the order of the files. */
    static List<KeyUse> in(Written written, SettingsSnapshot snapshot) {
        Collector collector = new Collector(new Surroundings(written), snapshot, StoreReference.storesIn(snapshot));
        written.places().forEach(collector::lookAt);
        return collector.uses;
    }

    /** Goes from place to place. */
    private static final class Collector {

        private final Surroundings surroundings;
        private final SettingsSnapshot snapshot;
        private final Set<String> names;
        private final List<KeyUse> uses = new ArrayList<>();

        Collector(Surroundings surroundings, SettingsSnapshot snapshot, Set<String> names) {
            this.surroundings = surroundings;
            this.snapshot = snapshot;
            this.names = names;
        }

        void lookAt(ScopePath place) {
            snapshot.at(place, OutboundAuthSettings.USER)
                    .ifPresent(user -> user.value()
                            .flatMap(text -> StoreReference.of(text, names))
                            .ifPresent(kept -> add(OutboundAuthSettings.USER, kept, user.origin(), place)));
            snapshot.at(place, OutboundAuthSettings.PASS)
                    .ifPresent(password -> password.value()
                            .flatMap(secret -> StoreReference.of(secret, names))
                            .ifPresent(kept -> add(OutboundAuthSettings.PASS, kept, password.origin(), place)));
            snapshot.at(place, OutboundAuthSettings.KEY)
                    .ifPresent(key -> key.value().ifPresent(name -> addKey(name, key.origin(), place)));
        }

        private void add(Setting<?> option, StoreReference kept, Origin origin, ScopePath place) {
            boolean isUser = option.equals(OutboundAuthSettings.USER);
            Optional<Located<String>> user = isUser ? Optional.empty() : user(place);
            uses.add(new KeyUse(
                    option,
                    kept.toString(),
                    List.of(kept.store()),
                    new CredentialRef(kept.key(), about(place)),
                    origin,
                    user.filter(this::isLiteral),
                    isUser || user.isEmpty()));
        }

        /** Where a password is set too, the user goes with that and the key is not looked up. */
        private void addKey(String key, Origin origin, ScopePath place) {
            Optional<Located<String>> user =
                    surroundings.find(place, OutboundAuthSettings.PASS).isPresent() ? Optional.empty() : user(place);
            uses.add(new KeyUse(
                    OutboundAuthSettings.KEY,
                    key,
                    order(place),
                    new CredentialRef(key, about(place)),
                    origin,
                    user.filter(this::isLiteral),
                    user.isEmpty()));
        }

        private Optional<Located<String>> user(ScopePath place) {
            return speaking(place, OutboundAuthSettings.USER);
        }

        private boolean isLiteral(Located<String> user) {
            return StoreReference.of(user.value().orElse(""), names).isEmpty();
        }

        private List<String> order(ScopePath place) {
            return speaking(place, OutboundAuthSettings.CREDENTIAL_STORES)
                    .flatMap(Located::value)
                    .map(StoreReference::order)
                    .orElse(List.of());
        }

        private <T> Optional<Located<T>> speaking(ScopePath place, Setting<T> setting) {
            return surroundings.find(place, setting).map(Found::place).flatMap(at -> snapshot.at(at, setting));
        }

        /** A pattern covers many domains, and the sender is known of none. */
        private static Map<LookupAttribute, String> about(ScopePath place) {
            Map<LookupAttribute, String> about = new EnumMap<>(LookupAttribute.class);
            place.group()
                    .filter(group -> !group.equals("default"))
                    .ifPresent(group -> about.put(LookupAttribute.BINDING_GROUP, group));
            place.binding().ifPresent(binding -> about.put(LookupAttribute.BINDING, binding));
            place.domain()
                    .filter(domain -> !domain.startsWith("/"))
                    .ifPresent(domain -> about.put(LookupAttribute.DOMAIN, domain));
            return about;
        }
    }
}
