// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.postern.core.cluster.Cluster;
import org.postern.core.queue.QueueKey;
import org.postern.core.queue.QueuedMessage;
import org.postern.core.queue.Throttles;
import org.postern.core.scope.OutboundSettings;
import org.postern.core.scope.Resolution;
import org.postern.core.scope.Resolved;
import org.postern.core.session.Place;
import org.postern.core.session.SessionLimit;
import org.postern.core.session.SessionPool;
import org.postern.spi.cluster.RegisterName;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.Throttle;

/**
 * How much may go out at once and per time. A throttle, and the limit of all connections, belong to the place where they
 * are written: everything that they hold for is counted together.
 *
 * <p>Threading: safe for many threads; never blocks.
 */
@Singleton
final class Shaping {

    /** Connections end when they end; nobody can say when. */
    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

    private final CurrentSettings settings;
    private final SessionPool pool;
    private final Clock clock;
    private final Throttles throttles;
    private final Cluster cluster;

    @Inject
    Shaping(CurrentSettings settings, SessionPool pool, Clock clock, Cluster cluster) {
        this.settings = settings;
        this.pool = pool;
        this.clock = clock;
        this.cluster = cluster;
        this.throttles = new Throttles(clock, cluster);
    }

    /** What is counted together. */
    private record Shared(String setting, ScopePath place) {

        Optional<String> name(Shaping shaping) {
            return shaping.shared(
                    setting,
                    place.kind().name(),
                    place.group().orElse(""),
                    place.binding().orElse(""),
                    place.domain().orElse(""));
        }
    }

    /** @param listener told when lines that rest for a throttle may go on before the next second */
    void whenOpen(Runnable listener) {
        throttles.whenOpen(listener);
    }

    /** Nothing if the message may go, and then it is counted; else when to ask again. */
    Optional<Instant> closedUntil(QueuedMessage next) {
        Resolution options = settings.resolve(next.key().binding(), next.key().domain());
        return goesOut(options) ? closedUntil(OutboundSettings.OUTBOUND_THROTTLE_MESSAGES, options) : Optional.empty();
    }

    // Mail that is not going anywhere must not use up what others share with it.
    private static boolean goesOut(Resolution options) {
        return !options.get(OutboundSettings.SUSPEND_DELIVERY).orThrow() && Blackhole.of(options) == Blackhole.OFF;
    }

    private Optional<Instant> closedUntil(Setting<Throttle> setting, Resolution options) {
        Resolved<Throttle> throttle = options.get(setting);
        return throttle.value()
                .flatMap(limit ->
                        closedUntil(new Shared(setting.key(), throttle.place().orElseThrow()), limit));
    }

    private Optional<Instant> closedUntil(Shared shared, Throttle throttle) {
        return shared.name(this)
                .map(name -> throttles.closedUntilOverAll(name, throttle))
                .orElseGet(() -> throttles.closedUntil(shared, throttle));
    }

    /**
     * Room for a connection that is about to be made.
     *
     * @throws NotYet if there is none
     */
    Place connecting(QueueKey key, Resolution options) throws NotYet {
        Place place = pool.reserve(limits(key, options))
                .orElseThrow(() -> new NotYet(clock.instant().plus(ASK_AGAIN)));
        Optional<Instant> closed = closedUntil(OutboundSettings.OUTBOUND_THROTTLE_CONNECTIONS, options);
        if (closed.isPresent()) {
            place.close();
            throw new NotYet(closed.get());
        }
        return place;
    }

    private List<SessionLimit> limits(QueueKey key, Resolution options) {
        Resolved<Long> all = options.get(OutboundSettings.SERVER_MAX_OUTBOUND_CONNECTIONS);
        Shared whole = new Shared(
                OutboundSettings.SERVER_MAX_OUTBOUND_CONNECTIONS.key(),
                all.place().orElse(ScopePath.GLOBAL));
        return List.of(
                new SessionLimit(
                        key,
                        options.get(OutboundSettings.MAX_OUTBOUND_CONNECTIONS).orThrow(),
                        shared(
                                "queue",
                                key.binding().group().name(),
                                key.binding().name(),
                                key.domain().name())),
                new SessionLimit(whole, all.orThrow(), whole.name(this)));
    }

    private Optional<String> shared(String... parts) {
        return cluster.isShared() ? Optional.of(RegisterName.of(parts)) : Optional.empty();
    }
}
