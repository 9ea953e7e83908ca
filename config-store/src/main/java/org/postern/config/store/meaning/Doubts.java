// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.meaning;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.postern.config.store.language.Problem;
import org.postern.config.store.language.Problems;
import org.postern.config.store.meaning.Surroundings.Found;
import org.postern.config.store.meaning.Written.Entry;
import org.postern.spi.credential.Secret;
import org.postern.spi.policy.OutboundAuthSettings;
import org.postern.spi.policy.StoreReference;
import org.postern.spi.settings.Origin;
import org.postern.spi.settings.ScopePath;

/** Warnings about configurations that are right and probably not meant. */
final class Doubts {

    private static final String GATEWAY = "gateway";

    private final Written written;
    private final Surroundings surroundings;
    private final Problems problems;

    Doubts(Written written, Problems problems) {
        this.written = written;
        this.surroundings = new Surroundings(written);
        this.problems = problems;
    }

    void report(Set<String> readableByOthers) {
        passwordsInClear(readableByOthers);
        reportPlaces();
    }

    /** All of them but those about files with passwords. */
    void reportPlaces() {
        written.places().forEach(this::mixedCredentials);
        written.places().forEach(this::optionsBesideGateway);
    }

    private void passwordsInClear(Set<String> readableByOthers) {
        Map<String, Origin> first = new LinkedHashMap<>();
        Set<String> stores = StoreNames.in(written);
        written.forEach((place, entry) -> {
            if (entry.setting().type().isSecret()
                    && entry.value().value().isPresent()
                    && !isReference(entry.value().value().get(), stores)) {
                first.putIfAbsent(entry.value().origin().file(), entry.value().origin());
            }
        });
        first.values().forEach(origin -> passwordsInClear(origin, readableByOthers.contains(origin.file())));
    }

    private static boolean isReference(Object value, Set<String> stores) {
        return value instanceof Secret secret
                && StoreReference.of(secret, stores).isPresent();
    }

    private void passwordsInClear(Origin first, boolean readable) {
        String hint = "keep them in the vault, \"postern vault set\", and name them by Outbound_SMTP_AUTH_Key";
        problems.add(
                readable
                        ? Problem.warning(
                                        first,
                                        "DANGER: this file holds passwords in clear and others than its owner can read it")
                                .hint("chmod 600 it now; then " + hint)
                        : Problem.warning(first, "this file holds passwords in clear")
                                .hint(hint));
    }

    private void mixedCredentials(ScopePath place) {
        boolean userHere = written.at(place, OutboundAuthSettings.USER.key()).isPresent();
        boolean passwordHere =
                written.at(place, OutboundAuthSettings.PASS.key()).isPresent();
        if (userHere != passwordHere) {
            mixedCredentialsAround(place);
        }
    }

    private void mixedCredentialsAround(ScopePath place) {
        Optional<Found> user = surroundings.find(place, OutboundAuthSettings.USER);
        Optional<Found> password = surroundings.find(place, OutboundAuthSettings.PASS);
        if (user.isEmpty() || password.isEmpty()) {
            return;
        }
        Found near = user.get().place().equals(place) ? user.get() : password.get();
        Found far = near == user.get() ? password.get() : user.get();
        problems.add(Problem.warning(
                near.entry().value().origin(),
                near.entry().setting().name() + " of " + place + " goes together with "
                        + far.entry().setting().name() + " of " + far.place() + ", at "
                        + far.entry().value().origin()));
    }

    private void optionsBesideGateway(ScopePath place) {
        Optional<?> gateway =
                written.at(place, GATEWAY).flatMap(entry -> entry.value().value());
        if (place.domain().isEmpty() || gateway.isEmpty()) {
            return;
        }
        List<Entry<?>> useless = OutboundAuthSettings.all().stream()
                .flatMap(setting -> written.at(place, setting.key()).stream())
                .collect(Collectors.toList());
        if (!useless.isEmpty()) {
            problems.add(Problem.warning(
                            useless.getFirst().value().origin(),
                            "mail of this domain is queued under its Gateway, so that the authentication set beside it"
                                    + " has no effect")
                    .hint("it belongs in Domain \"" + gateway.get() + "\", in a Binding or a Binding_Group"));
        }
    }
}
