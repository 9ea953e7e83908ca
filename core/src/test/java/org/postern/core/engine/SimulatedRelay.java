// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Provides;
import com.google.inject.util.Modules;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;
import org.postern.core.audit.AuditJournal;
import org.postern.core.simulation.Process;
import org.postern.core.simulation.SimulatedNetwork;
import org.postern.core.simulation.SimulatedTime;
import org.postern.core.smtp.SmtpConnector;
import org.postern.core.time.Waits;
import org.postern.spi.spool.Spool;

/** The engine that ships, as one process of a simulated world. */
final class SimulatedRelay {

    private final Process process;
    private final SimulatedNetwork network;
    private final Engine engine;

    /** @param tick how often the timer works */
    SimulatedRelay(
            Process process,
            SimulatedTime time,
            SimulatedNetwork network,
            RandomGenerator random,
            Spool spool,
            Duration tick,
            Sabotage sabotage) {
        this.process = process;
        this.network = network;
        this.engine = Guice.createInjector(Modules.override(new EngineModule(spool, Optional.empty(), Optional.empty()))
                        .with(new Surroundings(
                                process, time, network, random, time.timer(sabotage.tick(tick)), sabotage)))
                .getInstance(Engine.class);
        try {
            engine.start(spool);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    Process process() {
        return process;
    }

    SimulatedNetwork network() {
        return network;
    }

    Engine engine() {
        return engine;
    }

    /** What the engine gets from outside, but for the spool. */
    private static final class Surroundings extends AbstractModule {

        private final Process process;
        private final SimulatedTime time;
        private final SimulatedNetwork network;
        private final RandomGenerator random;
        private final ScheduledExecutorService timer;
        private final Sabotage sabotage;

        Surroundings(
                Process process,
                SimulatedTime time,
                SimulatedNetwork network,
                RandomGenerator random,
                ScheduledExecutorService timer,
                Sabotage sabotage) {
            this.process = process;
            this.time = time;
            this.network = network;
            this.random = random;
            this.timer = timer;
            this.sabotage = sabotage;
        }

        @Override
        protected void configure() {
            bind(Clock.class).toInstance(time);
            bind(Waits.class).toInstance(sabotage.waits(time));
            bind(RandomGenerator.class).toInstance(random);
            bind(ScheduledExecutorService.class).toInstance(timer);
            bind(AuditJournal.class).toInstance(new AuditJournal(time, work -> process.thread("audit", work)));
            bind(SmtpConnector.class).toInstance(new SmtpConnector(network, network, Duration.ZERO));
            sabotage.configure(binder(), time);
        }

        @Provides
        @Singleton
        @Named("hostname")
        String hostname() {
            return "relay.example";
        }
    }
}
