// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.postern.core.scope.Resolution;
import org.postern.core.scope.ScopeResolver;
import org.postern.core.session.Opener;
import org.postern.core.session.PooledSession;
import org.postern.core.session.SessionPool;
import org.postern.spi.policy.OutboundAuthSettings;
import org.postern.spi.settings.SettingsSnapshot;

/**
 * Drains sessions that a new configuration would not open as they are. No message would ride them any more, because their
 * key is not that of any message; but an idle one would stay open under a policy that no longer holds.
 */
@Singleton
final class OutdatedSessions {

    private final SessionPool pool;
    private final String hostname;

    @Inject
    OutdatedSessions(SessionPool pool, @Named("hostname") String hostname) {
        this.pool = pool;
        this.hostname = hostname;
    }

    /** Closes the idle ones of them now, and the others after the message in hand. */
    void drain(SettingsSnapshot before, SettingsSnapshot now) {
        // Resolvers of their own: the engine's would forget what it knows of the configuration in force.
        ScopeResolver then = new ScopeResolver();
        ScopeResolver today = new ScopeResolver();
        Set<PooledSession> outdated = pool.sessions().stream()
                .filter(session ->
                        differs(resolve(then, before, session.opener()), resolve(today, now, session.opener())))
                .collect(Collectors.toSet());
        pool.retire(outdated::contains);
    }

    private static Resolution resolve(ScopeResolver scopes, SettingsSnapshot snapshot, Opener opener) {
        return scopes.resolve(snapshot, opener.binding(), opener.domain());
    }

    private boolean differs(Resolution before, Resolution now) {
        return !SessionOptions.of(before, hostname).equals(SessionOptions.of(now, hostname))
                || !login(before).equals(login(now));
    }

    private static List<Optional<?>> login(Resolution options) {
        return OutboundAuthSettings.all().stream()
                .<Optional<?>>map(setting -> options.get(setting).value())
                .toList();
    }
}
