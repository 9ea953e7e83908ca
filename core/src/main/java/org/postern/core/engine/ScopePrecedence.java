// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.postern.core.scope.ScopeResolver;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.BindingGroup;
import org.postern.spi.mail.RoutingDomain;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingsPrecedence;
import org.postern.spi.settings.SettingsSnapshot;

/** Lets bundles ask the one owner of precedence. */
@Component
public final class ScopePrecedence implements SettingsPrecedence {

    /** No stanza is written for it, and no pattern is meant to match it. */
    private static final RoutingDomain NONE = new RoutingDomain("");

    private static final int REMEMBERED = 1_024;

    private final ScopeResolver resolver = new ScopeResolver(REMEMBERED);

    @Override
    public <T> Optional<T> effective(SettingsSnapshot snapshot, ScopePath place, Setting<T> setting) {
        RoutingDomain domain = place.domain().map(RoutingDomain::of).orElse(NONE);
        return resolver.resolve(snapshot, binding(snapshot, place), domain)
                .get(setting)
                .value();
    }

    private static Binding binding(SettingsSnapshot snapshot, ScopePath place) {
        String name = place.binding().orElse(Binding.DEFAULT.name());
        return place.group()
                .or(() -> snapshot.groupOf(name))
                .map(group -> new Binding(new BindingGroup(group), name))
                .orElseGet(() -> new Binding(BindingGroup.DEFAULT, name));
    }
}
