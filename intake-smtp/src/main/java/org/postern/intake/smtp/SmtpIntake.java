// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.postern.engine.DeliveryEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listeners of the configuration. A new configuration closes those that are gone or different and opens those that
 * are new; what stays the same is not disturbed. Each open listener is shown as a service of the type
 * {@link SocketAddress}, with the properties {@value #KIND} and {@value #ADDRESS}.
 */
@Component(
        service = {},
        configurationPid = SmtpIntake.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class SmtpIntake {

    static final String PID = "org.postern.intake.smtp";

    /** Service property; its value is {@code smtp}. */
    static final String KIND = "postern.listener";

    /** Service property: address and port as text. */
    static final String ADDRESS = "postern.listener.address";

    private static final Logger LOG = LoggerFactory.getLogger(SmtpIntake.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** What a replaced engine or spool may take before senders are told to come back. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final BundleContext bundle;
    private final Map<ListenSettings, Listener> listeners = new LinkedHashMap<>();

    private final EngineSlot engine;

    /** Made by Declarative Services. */
    @Activate
    public SmtpIntake(BundleContext bundle) {
        this(bundle, GRACE);
    }

    SmtpIntake(BundleContext bundle, Duration grace) {
        this.bundle = bundle;
        this.engine = new EngineSlot(grace);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindEngine(DeliveryEngine next) {
        engine.put(next);
    }

    void unbindEngine(DeliveryEngine gone) {
        engine.remove(gone);
    }

    /** Opens what the configuration says, and closes what it no longer says. */
    @Activate
    @Modified
    void configure(Map<String, Object> properties) {
        ListenerConfiguration configuration = ListenerConfiguration.read(properties);
        configuration.problems().forEach(LOG::error);
        List<Listener> leaving =
                listeners.keySet().stream()
                        .filter(settings -> !configuration.listeners().contains(settings))
                        .toList()
                        .stream()
                        .map(listeners::remove)
                        .toList();
        // Ports first: a listener that only changes its limits takes the same one again.
        leaving.forEach(Listener::stopAccepting);
        configuration.listeners().forEach(settings -> listeners.computeIfAbsent(settings, this::open));
        close(leaving);
    }

    private Listener open(ListenSettings settings) {
        Listener listener = new Listener(settings, engine, this::publish);
        listener.open();
        return listener;
    }

    private Runnable publish(InetSocketAddress address) {
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put(KIND, "smtp");
        properties.put(ADDRESS, ListenAddress.show(address));
        ServiceRegistration<SocketAddress> registration =
                bundle.registerService(SocketAddress.class, address, properties);
        return () -> {
            try {
                registration.unregister();
            } catch (IllegalStateException gone) {
                LOG.debug("{} was taken back already", address);
            }
        };
    }

    /** Closes all listeners; messages under way come to their end first. */
    @Deactivate
    void close() {
        engine.close();
        List<Listener> leaving = List.copyOf(listeners.values());
        listeners.clear();
        leaving.forEach(Listener::stopAccepting);
        close(leaving);
    }

    private static void close(List<Listener> leaving) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        leaving.forEach(listener -> listener.drain(Duration.ofNanos(Math.max(0, end - System.nanoTime()))));
    }
}
