// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.jdk;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslClientFactory;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.postern.spi.sasl.SaslMechanism;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers one {@link SaslMechanism} for each configured name that a factory offers: a factory that is a service before
 * the Java runtime's. What did not change stays registered, so that a reload interrupts nothing.
 *
 * <p>Threading: safe for many threads; the lock is held while services come and go, which may wait for exchanges to end.
 */
@Component(
        service = {},
        configurationPid = JdkConfiguration.PID,
        immediate = true)
public final class JdkMechanisms {

    private static final Logger LOG = LoggerFactory.getLogger(JdkMechanisms.class);

    private final BundleContext context;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ServiceReference<SaslClientFactory>, SaslClientFactory> services =
            new TreeMap<>(Comparator.reverseOrder());
    private final Map<String, Registered> registered = new HashMap<>();
    private final Set<String> missed = new HashSet<>();
    private JdkConfiguration configuration;
    private boolean active;

    /** What a name stands for now. */
    private record Source(Profile profile, ClientOrigin origin, Optional<String> keytab) {}

    /** What was registered, and of what. */
    private record Registered(Source source, ServiceRegistration<SaslMechanism> service) {}

    /** Takes the configuration; registers nothing before all factories that are there were bound. */
    @Activate
    public JdkMechanisms(BundleContext context, Map<String, ?> properties) {
        this.context = context;
        this.configuration = JdkConfiguration.read(properties);
    }

    @Activate
    void start() {
        change(() -> active = true);
    }

    @Modified
    void configure(Map<String, ?> properties) {
        change(() -> {
            configuration = JdkConfiguration.read(properties);
            missed.clear();
        });
    }

    @Deactivate
    void stop() {
        change(() -> active = false);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindFactory(ServiceReference<SaslClientFactory> reference, SaslClientFactory factory) {
        change(() -> services.put(reference, factory));
    }

    void unbindFactory(ServiceReference<SaslClientFactory> reference) {
        change(() -> services.remove(reference));
    }

    private void change(Runnable what) {
        lock.lock();
        try {
            what.run();
            register(active ? wanted() : Map.of());
        } finally {
            lock.unlock();
        }
    }

    private Map<String, Source> wanted() {
        Map<String, Source> wanted = new HashMap<>();
        for (String name : configuration.mechanisms()) {
            source(name).ifPresentOrElse(source -> wanted.put(name, source), () -> miss(name));
        }
        return wanted;
    }

    private void miss(String name) {
        if (missed.add(name)) {
            LOG.warn("Auth_JDK names {}, which no SaslClientFactory of the Java runtime or of a bundle has", name);
        }
    }

    private Optional<Source> source(String name) {
        List<Source> sources = new ArrayList<>();
        services.forEach((reference, factory) -> {
            Map<String, Object> said = new HashMap<>();
            for (String key : reference.getPropertyKeys()) {
                said.put(key, reference.getProperty(key));
            }
            sources.add(new Source(Profile.of(name, said), new ClientOrigin(factory, false), configuration.keytab()));
        });
        for (SaslClientFactory factory : Collections.list(Sasl.getSaslClientFactories())) {
            sources.add(
                    new Source(Profile.of(name, Map.of()), new ClientOrigin(factory, true), configuration.keytab()));
        }
        return sources.stream().filter(source -> source.origin().offers(name)).findFirst();
    }

    private void register(Map<String, Source> wanted) {
        List<String> leaving = registered.keySet().stream()
                .filter(name -> !isSame(registered.get(name).source(), wanted.get(name)))
                .toList();
        leaving.forEach(name -> registered.remove(name).service().unregister());
        wanted.forEach((name, source) -> registered.computeIfAbsent(name, fresh -> registered(source)));
    }

    /** The Java runtime makes its factories anew for each question; of one kind they are the same. */
    private static boolean isSame(Source before, Source now) {
        return now != null
                && before.profile().equals(now.profile())
                && before.keytab().equals(now.keytab())
                && before.origin().isJdk() == now.origin().isJdk()
                && (now.origin().isJdk()
                        || before.origin().factory() == now.origin().factory());
    }

    private Registered registered(Source source) {
        SaslMechanism mechanism = mechanism(source);
        return new Registered(
                source,
                context.registerService(
                        SaslMechanism.class, mechanism, source.profile().properties()));
    }

    private static SaslMechanism mechanism(Source source) {
        return source.profile().name().equals(Profile.EXTERNAL)
                ? new ExternalMechanism(source.profile(), source.origin())
                : new JdkMechanism(source.profile(), source.origin(), source.keytab());
    }
}
