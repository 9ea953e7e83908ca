// SPDX-License-Identifier: Apache-2.0
package org.postern.core.engine;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.postern.core.audit.AuditEvent;
import org.postern.core.audit.AuditJournal;
import org.postern.core.auth.CredentialResolver;
import org.postern.core.auth.DowngradeMemory;
import org.postern.core.auth.InstalledMechanism;
import org.postern.core.auth.LoginBreaker;
import org.postern.core.auth.MechanismRegistry;
import org.postern.core.auth.StoreRegistry;
import org.postern.core.cluster.Asking;
import org.postern.core.cluster.Cluster;
import org.postern.core.cluster.OtherNodes;
import org.postern.core.delivery.BindingChooser;
import org.postern.core.delivery.DeadEnds;
import org.postern.core.delivery.Deciders;
import org.postern.core.delivery.Dispatcher;
import org.postern.core.delivery.Grace;
import org.postern.core.delivery.Hooks;
import org.postern.core.delivery.QueueDesk;
import org.postern.core.delivery.RuntimeView;
import org.postern.core.intake.Intake;
import org.postern.core.limits.LimitUsage;
import org.postern.core.observe.Observers;
import org.postern.core.observe.Transcript;
import org.postern.core.scope.OutboundSettings;
import org.postern.core.session.SessionPool;
import org.postern.core.smtp.SmtpConnector;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.CredentialListener;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialStore;
import org.postern.spi.event.DeliveryListener;
import org.postern.spi.policy.BindingHook;
import org.postern.spi.policy.OutboundAuthHook;
import org.postern.spi.sasl.SaslMechanism;
import org.postern.spi.settings.Located;
import org.postern.spi.settings.ScopePath;
import org.postern.spi.settings.SettingsSnapshot;
import org.postern.spi.spool.Spool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine as a whole: starts, hears of everything that comes and goes around it, and stops in good order.
 *
 * <p>Threading: safe for many threads.
 */
@Singleton
final class Engine implements CredentialListener {

    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final long DRAIN_SECONDS = 30;

    private final Intake intake;
    private final Dispatcher dispatcher;
    private final RuntimeView runtime;
    private final QueueDesk queue;
    private final MechanismRegistry mechanisms;
    private final StoreRegistry stores;
    private final CredentialResolver credentials;
    private final Hooks hooks;
    private final Deciders deciders;
    private final BindingChooser bindings;
    private final Observers observers;
    private final LoginBreaker breaker;
    private final SessionPool pool;
    private final SmtpConnector connector;
    private final DowngradeMemory downgrades;
    private final LimitUsage limits;
    private final DeadEnds deadEnds;
    private final Grace grace;
    private final Transcript transcript;
    private final AuditJournal audit;
    private final Cluster cluster;
    private final Asking others;
    private final Optional<Path> state;
    private final ScheduledExecutorService timer;

    @Inject
    Engine(
            Intake intake,
            Dispatcher dispatcher,
            RuntimeView runtime,
            QueueDesk queue,
            MechanismRegistry mechanisms,
            StoreRegistry stores,
            CredentialResolver credentials,
            Hooks hooks,
            Deciders deciders,
            BindingChooser bindings,
            Observers observers,
            LoginBreaker breaker,
            SessionPool pool,
            SmtpConnector connector,
            DowngradeMemory downgrades,
            LimitUsage limits,
            DeadEnds deadEnds,
            Grace grace,
            Transcript transcript,
            AuditJournal audit,
            Cluster cluster,
            Asking others,
            ScheduledExecutorService timer,
            @Named("state") Optional<Path> state) {
        this.intake = intake;
        this.dispatcher = dispatcher;
        this.runtime = runtime;
        this.queue = queue;
        this.mechanisms = mechanisms;
        this.stores = stores;
        this.credentials = credentials;
        this.hooks = hooks;
        this.deciders = deciders;
        this.bindings = bindings;
        this.observers = observers;
        this.breaker = breaker;
        this.pool = pool;
        this.connector = connector;
        this.downgrades = downgrades;
        this.limits = limits;
        this.deadEnds = deadEnds;
        this.grace = grace;
        this.transcript = transcript;
        this.audit = audit;
        this.cluster = cluster;
        this.others = others;
        this.timer = timer;
        this.state = state;
    }

    // Sessions of a version that is no longer the current one finish the message in hand.
    private void replaced(String reference, Credential old) {
        pool.retire(session -> session.key()
                .identity()
                .filter(who -> who.source().equals(reference) && credentials.isFrom(who, old))
                .isPresent());
    }

    Intake intake() {
        return intake;
    }

    RuntimeView runtime() {
        return runtime;
    }

    QueueDesk queue() {
        return queue;
    }

    OtherNodes others() {
        return others;
    }

    /**
     * Takes up what the spool holds, then works.
     *
     * @throws IOException if the spool cannot be read
     */
    void start(Spool spool) throws IOException {
        stores.onReplaced(this::replaced);
        breaker.onGoesOn(this::askStoresAgain);
        cluster.start();
        spool.recover(message -> dispatcher.accept(message, message.context()));
        timer.scheduleWithFixedDelay(this::tick, 1, 1, TimeUnit.SECONDS);
    }

    private void tick() {
        try {
            dispatcher.releaseDue();
            pool.closeIdle();
            limits.save();
            if (downgrades.catchUp()) {
                deadEnds.forgetAll();
                dispatcher.releaseHeld();
            }
        } catch (RuntimeException bug) {
            LOG.error("the timer's work failed; it goes on", bug);
        }
    }

    void configured(SettingsSnapshot snapshot) {
        deciders.told(snapshot);
        transcript.recordTo(transcriptFile(snapshot));
        audit.writeTo(auditLog(snapshot));
        dispatcher.configured(snapshot);
    }

    private static Optional<Path> transcriptFile(SettingsSnapshot snapshot) {
        return snapshot.at(ScopePath.GLOBAL, OutboundSettings.TRANSCRIPT_FILE).flatMap(Engine::besideItsFile);
    }

    private Optional<AuditJournal.Target> auditLog(SettingsSnapshot snapshot) {
        long mebibytes = snapshot.at(ScopePath.GLOBAL, OutboundSettings.AUDIT_LOG_SIZE)
                .flatMap(Located::value)
                .orElseGet(() -> OutboundSettings.AUDIT_LOG_SIZE.defaultValue().orElseThrow());
        Optional<Path> file = snapshot.at(ScopePath.GLOBAL, OutboundSettings.AUDIT_LOG)
                .map(Engine::besideItsFile)
                .orElseGet(() -> state.map(directory -> directory.resolve("audit.log")));
        return file.map(path -> new AuditJournal.Target(path, mebibytes << 20));
    }

    private static Optional<Path> besideItsFile(Located<String> written) {
        return written.value().map(Path.of(written.origin().file())::resolveSibling);
    }

    void mechanismArrived(InstalledMechanism installed, SaslMechanism mechanism) {
        mechanisms.bind(installed, mechanism);
        LOG.info("mechanism {} is here, from {}", installed.name(), installed.bundle());
        mechanismChanged(installed.name());
    }

    void mechanismLeft(InstalledMechanism installed) {
        grace.departed();
        mechanisms.unbind(installed.serviceId());
        LOG.info("mechanism {} is gone, from {}", installed.name(), installed.bundle());
        mechanismChanged(installed.name());
    }

    // What was authenticated by the one that went finishes its message; the next message meets the one that is here.
    private void mechanismChanged(String name) {
        pool.retire(session -> session.mechanism().filter(name::equals).isPresent());
        deadEnds.forgetAll();
        dispatcher.releaseHeld();
    }

    void storeArrived(CredentialStore store, int ranking, long serviceId) {
        stores.bind(store, ranking, serviceId);
        LOG.info("credential store {} is here", store.name());
        breaker.resetAll();
        askStoresAgain();
    }

    void storeLeft(String name, long serviceId) {
        stores.unbind(serviceId);
        LOG.info("credential store {} is gone", name);
        askStoresAgain();
    }

    @Override
    public void changed(CredentialRef ref) {
        noticed(ref.toString());
        stores.changed(ref);
        breaker.reset(ref);
        askStoresAgain();
    }

    @Override
    public void storeChanged(String storeName) {
        noticed(storeName + ":*");
        stores.storeChanged(storeName);
        breaker.resetAll();
        askStoresAgain();
    }

    private void noticed(String reference) {
        audit.record(AuditEvent.of(AuditEvent.Action.CHANGE, "noticed").with("reference", reference));
    }

    private void askStoresAgain() {
        deadEnds.forgetAll();
        dispatcher.releaseHeld();
    }

    void hookArrived(OutboundAuthHook hook, int ranking, long serviceId) {
        hooks.bind(hook, ranking, serviceId);
        dispatcher.releaseHeld();
    }

    void hookLeft(long serviceId) {
        deciders.left(serviceId);
        hooks.unbind(serviceId);
    }

    void bindingHookArrived(BindingHook hook, int ranking, long serviceId) {
        bindings.bind(hook, ranking, serviceId);
    }

    void bindingHookLeft(long serviceId) {
        deciders.left(serviceId);
        bindings.unbind(serviceId);
    }

    /** @param digest of the stanza that a hook acts by, if by any */
    void hookActsBy(long serviceId, Optional<String> digest) {
        deciders.arrived(serviceId, digest);
        dispatcher.releaseHeld();
    }

    void listenerArrived(DeliveryListener listener) {
        observers.add(listener);
    }

    void listenerLeft(DeliveryListener listener) {
        observers.remove(listener);
    }

    /** Takes nothing more in, lets deliveries under way end, closes everything. */
    void stop() {
        intake.close();
        timer.shutdown();
        try {
            if (!dispatcher.stop(DRAIN_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("deliveries were still under way after {} s; they will be tried again", DRAIN_SECONDS);
            }
            // It may be writing: whoever starts next in this directory must not be overtaken by it.
            if (!timer.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("the timer's work has not ended after {} s", DRAIN_SECONDS);
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
        limits.saveNow();
        cluster.close();
        downgrades.close();
        pool.close();
        connector.close();
        stores.close();
        transcript.close();
        audit.close();
    }
}
