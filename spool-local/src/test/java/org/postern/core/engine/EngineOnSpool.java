// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import com.google.inject.Guice;
import com.google.inject.name.Names;
import com.google.inject.util.Modules;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import org.postern.core.scope.OutboundSettings;
import org.postern.engine.DeliveryEngine;
import org.postern.engine.dto.QueueView;
import org.postern.spi.settings.Located;
import org.postern.spi.settings.Origin;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.Setting;
import org.postern.spi.settings.SettingsSnapshot;
import org.postern.spi.settings.Throttle;
import org.postern.spi.spool.Spool;

/** The real engine without a container, on a spool under test. Its timer works when it is told to. */
public final class EngineOnSpool implements AutoCloseable {

    private final ByHand timer = new ByHand();
    private final Engine engine;

    /**
     * Starts it. As in its component, an engine whose spool cannot be read is stopped again.
     *
     * @throws IOException if the spool cannot be read
     */
    public EngineOnSpool(Spool spool, Clock clock) throws IOException {
        engine = Guice.createInjector(Modules.override(new EngineModule(spool, Optional.empty(), Optional.empty()))
                        .with(binder -> {
                            binder.bind(Clock.class).toInstance(clock);
                            binder.bind(ScheduledExecutorService.class).toInstance(timer);
                            binder.bind(String.class)
                                    .annotatedWith(Names.named("hostname"))
                                    .toInstance("relay.example");
                        }))
                .getInstance(Engine.class);
        try {
            engine.start(spool);
        } catch (IOException | RuntimeException failure) {
            engine.stop();
            throw failure;
        }
    }

    /** Sends all mail to this port, tries again after a minute, and limits notifications to a sender like this. */
    public void configure(int port, Throttle notifications) {
        SettingsSnapshot.Builder settings = SettingsSnapshot.builder(1);
        put(settings, OutboundSettings.ROUTES, List.of("smtp://127.0.0.1:" + port));
        put(settings, OutboundSettings.RETRY_INTERVAL, Duration.ofMinutes(1));
        put(settings, OutboundSettings.MAX_RETRY_INTERVAL, Duration.ofMinutes(1));
        put(settings, OutboundSettings.DSN_THROTTLE, notifications);
        engine.configured(settings.build());
    }

    private static <T> void put(SettingsSnapshot.Builder settings, Setting<T> setting, T value) {
        settings.put(
                ScopePath.GLOBAL, setting, new Located<>(Optional.of(value), new Origin("/nowhere/test.conf", 1, 1)));
    }

    /** Where listeners hand mail in. */
    public DeliveryEngine intake() {
        return engine.intake();
    }

    /** Does what is due, as happens once a second otherwise. */
    public void tick() {
        timer.work.run();
    }

    /** Messages that can be tried or are being tried. */
    public int active() {
        return sum(QueueView::active);
    }

    /** Messages that wait for later. */
    public int waiting() {
        return sum(queue -> queue.delayed() + queue.held());
    }

    private int sum(ToIntFunction<QueueView> count) {
        return engine.runtime().queues().stream().mapToInt(count).sum();
    }

    @Override
    public void close() {
        engine.stop();
    }

    private static final class ByHand extends ScheduledThreadPoolExecutor {

        private Runnable work;

        ByHand() {
            super(0);
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long first, long delay, TimeUnit unit) {
            work = task;
            return null;
        }
    }
}
