// SPDX-License-Identifier: Apache-2.0
package org.postern.core.observe;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.postern.spi.event.DeliveryEvent;
import org.postern.spi.event.DeliveryListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells everyone who listens: log, counters, and the listeners that bundles bring.
 *
 * <p>Threading: safe for many threads.
 */
@Singleton
public final class Observers implements DeliveryListener {

    private static final Logger LOG = LoggerFactory.getLogger(Observers.class);

    private final List<DeliveryListener> listeners = new CopyOnWriteArrayList<>();

    /** Starts with log and counters. */
    @Inject
    public Observers(DeliveryLog log, Counters counters) {
        listeners.add(log);
        listeners.add(counters);
    }

    /** Tells this one too from now on. */
    public void add(DeliveryListener listener) {
        listeners.add(listener);
    }

    /** Tells this one no more. */
    public void remove(DeliveryListener listener) {
        listeners.remove(listener);
    }

    @Override
    public void on(DeliveryEvent event) {
        for (DeliveryListener listener : listeners) {
            try {
                listener.on(event);
            } catch (RuntimeException failure) {
                LOG.warn("a delivery listener failed: {}", failure.toString());
            }
        }
    }
}
