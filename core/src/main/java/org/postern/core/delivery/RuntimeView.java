// SPDX-License-Identifier: Apache-2.0
package org.postern.core.delivery;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.postern.core.auth.InstalledMechanism;
import org.postern.core.auth.MechanismRegistry;
import org.postern.core.auth.StoreRegistry;
import org.postern.core.observe.Counters;
import org.postern.core.queue.DelayedQueue;
import org.postern.core.queue.QueueKey;
import org.postern.core.session.PooledSession;
import org.postern.core.session.SessionPool;
import org.postern.engine.EngineRuntime;
import org.postern.engine.ExplainRequest;
import org.postern.engine.dto.CredentialView;
import org.postern.engine.dto.Explanation;
import org.postern.engine.dto.MechanismView;
import org.postern.engine.dto.QueueView;
import org.postern.engine.dto.SessionView;
import org.postern.spi.credential.AuthIdentity;
import org.postern.spi.sasl.TlsEvidence;

/** Answers what the engine is doing. */
@Singleton
public final class RuntimeView implements EngineRuntime {

    private final MechanismRegistry mechanisms;
    private final StoreRegistry stores;
    private final SessionPool pool;
    private final Dispatcher dispatcher;
    private final Counters counters;
    private final Explainer explainer;
    private final CredentialsInUse credentials;

    @Inject
    RuntimeView(
            MechanismRegistry mechanisms,
            StoreRegistry stores,
            SessionPool pool,
            Dispatcher dispatcher,
            Counters counters,
            Explainer explainer,
            CredentialsInUse credentials) {
        this.credentials = credentials;
        this.explainer = explainer;
        this.mechanisms = mechanisms;
        this.stores = stores;
        this.pool = pool;
        this.dispatcher = dispatcher;
        this.counters = counters;
    }

    @Override
    public List<MechanismView> mechanisms() {
        return mechanisms.installed().stream().map(RuntimeView::view).toList();
    }

    private static MechanismView view(InstalledMechanism one) {
        return new MechanismView(
                one.name(), one.ranking(), one.revealsSecret(), List.copyOf(new TreeSet<>(one.feeds())), one.bundle());
    }

    @Override
    public List<SessionView> sessions() {
        return pool.sessions().stream().map(RuntimeView::view).toList();
    }

    private static SessionView view(PooledSession one) {
        return new SessionView(
                one.key().peer(),
                one.connection().tls().map(TlsEvidence::toString),
                one.mechanism(),
                one.key().identity().map(AuthIdentity::user),
                one.delivered(),
                one.busy());
    }

    @Override
    public List<QueueView> queues() {
        Map<QueueKey, Integer> active = dispatcher.activeSizes();
        Map<QueueKey, DelayedQueue.Summary> delayed = dispatcher.delayedSummaries();
        TreeSet<QueueKey> keys = new TreeSet<>(java.util.Comparator.comparing(QueueKey::toString));
        keys.addAll(active.keySet());
        keys.addAll(delayed.keySet());
        List<QueueView> views = new ArrayList<>();
        keys.forEach(key -> views.add(
                view(key, active.getOrDefault(key, 0), delayed.getOrDefault(key, DelayedQueue.Summary.NONE))));
        int unrouted = dispatcher.unroutedCount();
        if (unrouted > 0) {
            views.add(new QueueView(
                    "default", "*", 0, 0, unrouted, Optional.of("no configuration is in force"), Optional.empty()));
        }
        return views;
    }

    private static QueueView view(QueueKey key, int active, DelayedQueue.Summary waiting) {
        return new QueueView(
                key.binding().name(),
                key.domain().name(),
                active,
                waiting.delayed(),
                waiting.held(),
                waiting.onHold(),
                waiting.reason(),
                waiting.nextDue());
    }

    @Override
    public Map<String, Long> counters() {
        Map<String, Long> counted = new TreeMap<>(counters.snapshot());
        counted.put("abandoned_lookups", stores.abandoned());
        return counted;
    }

    @Override
    public List<CredentialView> credentials() {
        return credentials.all();
    }

    @Override
    public List<CredentialView> retry(String reference) {
        return credentials.retry(reference);
    }

    @Override
    public Explanation explain(ExplainRequest request) throws InterruptedException {
        return explainer.explain(request);
    }
}
