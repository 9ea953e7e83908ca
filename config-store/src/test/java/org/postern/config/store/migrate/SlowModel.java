// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.migrate;

import static org.postern.spi.policy.OutboundAuthSettings.KEY;
import static org.postern.spi.policy.OutboundAuthSettings.PASS;
import static org.postern.spi.policy.OutboundAuthSettings.TYPE;
import static org.postern.spi.policy.OutboundAuthSettings.USER;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingsSnapshot;

/** The documented order of scopes, written down as a list, and what a message is sent with by it. */
final class SlowModel {

    private final SettingsSnapshot snapshot;
    private final Map<String, FakeVault.Entry> vault;

    SlowModel(SettingsSnapshot snapshot, Map<String, FakeVault.Entry> vault) {
        this.snapshot = snapshot;
        this.vault = vault;
    }

    /** What a message is sent with; the key is what a hook sees. */
    record Account(
            Optional<String> user, Optional<String> password, Optional<List<String>> type, Optional<String> key) {}

    Account of(String binding, String domain) {
        Optional<String> user = first(USER, binding, domain);
        Optional<String> key = first(KEY, binding, domain);
        Optional<String> password = first(PASS, binding, domain)
                .map(secret -> secret.reveal(clear -> new String(clear, StandardCharsets.UTF_8)));
        Optional<FakeVault.Entry> entry =
                password.isPresent() ? Optional.empty() : key.flatMap(name -> Optional.ofNullable(vault.get(name)));
        return new Account(
                user.or(() -> entry.map(FakeVault.Entry::user)),
                password.or(() -> entry.map(FakeVault.Entry::password)),
                first(TYPE, binding, domain),
                key);
    }

    private <T> Optional<T> first(Setting<T> setting, String binding, String domain) {
        String group = snapshot.groupOf(binding).orElse("default");
        ScopePath inGroup = ScopePath.ofGroup(group);
        List<ScopePath> order = new ArrayList<>();
        order.addAll(domains(inGroup.withBinding(binding), domain));
        order.addAll(domains(ScopePath.ofBinding(binding), domain));
        order.addAll(domains(inGroup, domain));
        order.add(inGroup.withBinding(binding));
        order.add(ScopePath.ofBinding(binding));
        order.add(inGroup);
        order.addAll(domains(ScopePath.GLOBAL, domain));
        order.add(ScopePath.GLOBAL);
        return order.stream()
                .flatMap(place -> snapshot.at(place, setting).stream())
                .findFirst()
                .flatMap(located -> located.value());
    }

    private List<ScopePath> domains(ScopePath container, String domain) {
        List<ScopePath> found = new ArrayList<>(List.of(container.withDomain(domain)));
        snapshot.patternsIn(container).stream()
                .filter(pattern -> pattern.matches(domain))
                .forEach(pattern -> found.add(container.withDomain(pattern.text())));
        return found;
    }

    /** Every binding, and one that is not declared. */
    Set<String> bindings() {
        Set<String> names = new TreeSet<>(Set.of("default", "undeclared"));
        snapshot.places().forEach(place -> place.binding().ifPresent(names::add));
        return names;
    }

    /** Every domain, some that only patterns match, and one that nothing matches. */
    Set<String> domains() {
        Set<String> names = new TreeSet<>(Set.of("undeclared.org", "www.example.com", "example.co.uk", "a.b", "ab"));
        snapshot.places()
                .forEach(place ->
                        place.domain().filter(name -> !name.startsWith("/")).ifPresent(names::add));
        return names;
    }
}
