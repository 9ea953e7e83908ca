// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.postern.core.scope.Resolution;
import org.postern.core.scope.ScopeResolver;
import org.postern.spi.mail.Binding;
import org.postern.spi.mail.RoutingDomain;
import org.postern.spi.settings.SettingsSnapshot;

/**
 * The snapshot in force. It stays when its store goes away.
 *
 * <p>Threading: safe for many threads.
 */
@Singleton
public final class CurrentSettings {

    private final ScopeResolver scopes;
    private volatile Optional<SettingsSnapshot> snapshot = Optional.empty();

    /** Nothing is in force yet. */
    @Inject
    public CurrentSettings(ScopeResolver scopes) {
        this.scopes = scopes;
    }

    /** Puts another snapshot in force; whoever has asked before works on with what it got. */
    public void replace(SettingsSnapshot next) {
        snapshot = Optional.of(next);
    }

    /** The snapshot, once there was one. */
    public Optional<SettingsSnapshot> snapshot() {
        return snapshot;
    }

    /**
     * Every option as it holds for this binding and routing domain.
     *
     * @throws IllegalStateException before the first snapshot; no delivery starts then
     */
    Resolution resolve(Binding binding, RoutingDomain domain) {
        return scopes.resolve(
                snapshot.orElseThrow(() -> new IllegalStateException("no configuration is in force")), binding, domain);
    }
}
