// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;
import org.postern.core.audit.Audit;
import org.postern.core.audit.AuditJournal;
import org.postern.core.auth.AuthPlanner;
import org.postern.core.auth.CredentialResolver;
import org.postern.core.auth.DisclosureGuard;
import org.postern.core.auth.DowngradeFile;
import org.postern.core.auth.DowngradeMemory;
import org.postern.core.auth.LoginBreaker;
import org.postern.core.auth.MechanismRegistry;
import org.postern.core.auth.StoreRegistry;
import org.postern.core.cluster.Cluster;
import org.postern.core.delivery.BindingChooser;
import org.postern.core.delivery.Dispatcher;
import org.postern.core.intake.Intake;
import org.postern.core.limits.LimitFile;
import org.postern.core.limits.LimitUsage;
import org.postern.core.observe.Counters;
import org.postern.core.observe.DeliveryLog;
import org.postern.core.observe.Observers;
import org.postern.core.queue.RetrySchedule;
import org.postern.core.queue.SteadyClock;
import org.postern.core.route.DnsMxLookup;
import org.postern.core.route.HostRest;
import org.postern.core.route.OwnHost;
import org.postern.core.route.Router;
import org.postern.core.scope.AuthResolution;
import org.postern.core.scope.ScopeResolver;
import org.postern.core.smtp.SmtpConnector;
import org.postern.core.time.Waits;
import org.postern.spi.cluster.SharedRegisters;
import org.postern.spi.event.DeliveryListener;
import org.postern.spi.spool.Spool;

/** The engine's object graph. Stages do not know of it: what they need is in their constructors. */
final class EngineModule extends AbstractModule {

    private final Spool spool;
    private final Optional<Path> state;
    private final Optional<SharedRegisters> registers;

    /**
     * For one engine.
     *
     * @param state the directory for what has to outlive a restart beside the mail, if there is one
     * @param registers what it shares with others, if there are any
     */
    EngineModule(Spool spool, Optional<Path> state, Optional<SharedRegisters> registers) {
        this.spool = spool;
        this.state = state;
        this.registers = registers;
    }

    @Override
    protected void configure() {
        bind(Spool.class).toInstance(spool);
        bind(Clock.class).toInstance(new SteadyClock(Clock.systemUTC(), System::nanoTime));
        bind(Waits.class).toInstance(Waits.REAL);
        bind(Audit.class).to(AuditJournal.class);
        bind(DeliveryListener.class).to(Observers.class);
        bind(Intake.Admission.class).to(Dispatcher.class);
        bind(Intake.Reception.class).to(BindingChooser.class);
    }

    @Provides
    @Named("state")
    Optional<Path> state() {
        return state;
    }

    @Provides
    @Singleton
    @Named("hostname")
    String hostname() {
        try {
            return InetAddress.getLocalHost().getCanonicalHostName();
        } catch (UnknownHostException nameless) {
            return "localhost";
        }
    }

    @Provides
    @Singleton
    RandomGenerator random() {
        return new java.security.SecureRandom();
    }

    @Provides
    @Singleton
    ScheduledExecutorService timer() {
        return Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("postern-timer").factory());
    }

    @Provides
    @Singleton
    Cluster cluster(Clock clock) {
        return new Cluster(registers, clock);
    }

    @Provides
    @Singleton
    RetrySchedule schedule(RandomGenerator random) {
        return new RetrySchedule(random);
    }

    @Provides
    @Singleton
    Counters counters() {
        return new Counters();
    }

    @Provides
    @Singleton
    DeliveryLog log() {
        return new DeliveryLog();
    }

    @Provides
    @Singleton
    ScopeResolver scopes() {
        return new ScopeResolver();
    }

    @Provides
    @Singleton
    AuthResolution authResolution() {
        return new AuthResolution();
    }

    @Provides
    @Singleton
    MechanismRegistry mechanisms(Waits waits) {
        return new MechanismRegistry(waits);
    }

    @Provides
    @Singleton
    StoreRegistry stores(Clock clock, RandomGenerator random, Waits waits) {
        return new StoreRegistry(StoreRegistry.Limits.DEFAULT, clock, random, waits);
    }

    @Provides
    @Singleton
    CredentialResolver credentials(
            StoreRegistry stores, MechanismRegistry mechanisms, Clock clock, Audit audit, Cluster cluster) {
        return new CredentialResolver(stores, mechanisms, clock, audit, cluster);
    }

    @Provides
    @Singleton
    DisclosureGuard guard() {
        return new DisclosureGuard();
    }

    @Provides
    @Singleton
    DowngradeMemory downgrades(Clock clock, Cluster cluster) {
        return new DowngradeMemory(clock, state.map(DowngradeFile::new), cluster);
    }

    @Provides
    @Singleton
    AuthPlanner planner(DisclosureGuard guard, MechanismRegistry mechanisms, DowngradeMemory memory) {
        return new AuthPlanner(guard, mechanisms, memory);
    }

    @Provides
    @Singleton
    LoginBreaker breaker(Clock clock, Audit audit, Waits waits, Cluster cluster) {
        return new LoginBreaker(clock, audit, waits, cluster);
    }

    @Provides
    @Singleton
    AuditJournal audit(Clock clock) {
        return new AuditJournal(clock);
    }

    @Provides
    @Singleton
    LimitUsage limits(Clock clock, Cluster cluster) {
        return new LimitUsage(clock, state.map(LimitFile::new), cluster);
    }

    @Provides
    @Singleton
    Router router(RandomGenerator random, @Named("hostname") String hostname) {
        return new Router(new DnsMxLookup(random), new OwnHost(Set.of(hostname), Set.of()), random);
    }

    @Provides
    @Singleton
    HostRest hostRest(Clock clock) {
        return new HostRest(clock);
    }

    @Provides
    @Singleton
    SmtpConnector connector() {
        return new SmtpConnector();
    }
}
