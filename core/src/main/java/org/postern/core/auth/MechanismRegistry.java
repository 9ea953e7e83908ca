// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.postern.core.time.Waits;
import org.postern.spi.sasl.ChannelBindingMechanism;
import org.postern.spi.sasl.SaslMechanism;
import org.postern.spi.sasl.TlsEvidence;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mechanisms that are there now. Exchanges hold leases; a mechanism that goes away gets no new ones, and its
 * departure waits for those that are out.
 *
 * <p>Threading: safe for many threads.
 */
public final class MechanismRegistry {

    private static final Logger LOG = LoggerFactory.getLogger(MechanismRegistry.class);

    /** Of equal strength the older service comes first, as everywhere in OSGi; the name settles the rest. */
    private static final Comparator<InstalledMechanism> STRONGEST_FIRST = Comparator.comparingInt(
                    InstalledMechanism::ranking)
            .reversed()
            .thenComparing(InstalledMechanism::name)
            .thenComparingLong(InstalledMechanism::serviceId);

    private final Duration drain;
    private final Waits waits;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Long, LeasedService<SaslMechanism>> services = new HashMap<>();
    private final Map<Long, InstalledMechanism> descriptions = new HashMap<>();
    /** By name, and kept when a mechanism goes: what a configured secret is must not change while a bundle is replaced. */
    private final Map<String, Set<String>> feeds = new ConcurrentHashMap<>();

    /** The services that tie themselves to a channel. */
    private final Set<Long> binding = ConcurrentHashMap.newKeySet();

    private volatile List<InstalledMechanism> installed = List.of();
    private long revision;

    /** A registry in which a departure waits up to 10 seconds. */
    public MechanismRegistry() {
        this(Waits.REAL);
    }

    /** The same. */
    public MechanismRegistry(Waits waits) {
        this(Duration.ofSeconds(10), waits);
    }

    /** @param drain how long a departure waits for leases that are out */
    public MechanismRegistry(Duration drain) {
        this(drain, Waits.REAL);
    }

    private MechanismRegistry(Duration drain, Waits waits) {
        this.drain = drain;
        this.waits = waits;
    }

    /** A mechanism has come. */
    public void bind(InstalledMechanism arrived, SaslMechanism mechanism) {
        lock.lock();
        try {
            services.put(arrived.serviceId(), new LeasedService<>(mechanism, waits));
            descriptions.put(arrived.serviceId(), arrived);
            if (mechanism instanceof ChannelBindingMechanism) {
                binding.add(arrived.serviceId());
            }
            announce();
        } finally {
            lock.unlock();
        }
    }

    /**
     * A mechanism goes. Returns when its leases are closed, or when the time is over; afterwards nothing here refers to
     * it, leases included. An unknown service does nothing.
     */
    public void unbind(long serviceId) {
        LeasedService<SaslMechanism> leaving;
        InstalledMechanism description;
        lock.lock();
        try {
            leaving = services.remove(serviceId);
            description = descriptions.remove(serviceId);
            binding.remove(serviceId);
            announce();
        } finally {
            lock.unlock();
        }
        if (leaving != null && !leaving.retire(drain)) {
            LOG.warn(
                    "mechanism {} of {} left while in use: exchanges were cut off",
                    description.name(),
                    description.bundle());
        }
    }

    /** What is there, one per name, strongest first. */
    public List<InstalledMechanism> installed() {
        return installed;
    }

    /** The kinds of credential that the mechanism of this name uses, or used while it was there; none if it never was. */
    Set<String> feedsOf(String name) {
        return feeds.getOrDefault(name.toUpperCase(Locale.ROOT), Set.of());
    }

    /** A lease on the mechanism of this name, in any case, with the highest ranking. */
    public Optional<MechanismLease> lease(String name) {
        String wanted = name.toUpperCase(Locale.ROOT);
        lock.lock();
        try {
            return installed.stream()
                    .filter(candidate -> candidate.name().equals(wanted))
                    .findFirst()
                    .flatMap(this::lease);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether a mechanism finds what it needs in a session's TLS: true for all that bind to no channel, false for one that
     * fails at the question.
     */
    boolean canBind(InstalledMechanism mechanism, Optional<TlsEvidence> tls) {
        if (!binding.contains(mechanism.serviceId())) {
            return true;
        }
        try (MechanismLease lease = leaseOf(mechanism)) {
            return tls.filter(((ChannelBindingMechanism) lease.mechanism())::canBind)
                    .isPresent();
        } catch (RuntimeException | LinkageError failed) {
            LOG.warn(
                    "mechanism {} of {} failed when asked for a channel binding: {}",
                    mechanism.name(),
                    mechanism.bundle(),
                    failed.getClass().getName());
            return false;
        }
    }

    private MechanismLease leaseOf(InstalledMechanism chosen) {
        lock.lock();
        try {
            return Optional.ofNullable(services.get(chosen.serviceId()))
                    .flatMap(LeasedService::lease)
                    .map(use -> new Held(chosen, use))
                    .orElseThrow(() -> new IllegalStateException("the mechanism has just left"));
        } finally {
            lock.unlock();
        }
    }

    /** Counts up with every arrival and departure. Read it before looking, then wait for a change since. */
    public long revision() {
        lock.lock();
        try {
            return revision;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until something comes or goes.
     *
     * @param since what {@link #revision()} was
     * @return whether something changed in time
     */
    public boolean awaitChange(long since, Duration atMost) throws InterruptedException {
        long left = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (revision == since && left > 0) {
                left = waits.await(lock, changed, left);
            }
            return revision != since;
        } finally {
            lock.unlock();
        }
    }

    private Optional<MechanismLease> lease(InstalledMechanism chosen) {
        return services.get(chosen.serviceId()).lease().map(use -> new Held(chosen, use));
    }

    private void announce() {
        Map<String, InstalledMechanism> best = new HashMap<>();
        List<InstalledMechanism> all = new ArrayList<>(descriptions.values());
        all.sort(STRONGEST_FIRST);
        all.forEach(candidate -> best.putIfAbsent(candidate.name(), candidate));
        installed = best.values().stream().sorted(STRONGEST_FIRST).toList();
        installed.forEach(one -> feeds.put(one.name(), one.feeds()));
        revision++;
        changed.signalAll();
    }

    private record Held(InstalledMechanism installed, LeasedService.Use<SaslMechanism> use) implements MechanismLease {

        @Override
        public SaslMechanism mechanism() {
            return use.service();
        }

        @Override
        public void close() {
            use.close();
        }
    }
}
