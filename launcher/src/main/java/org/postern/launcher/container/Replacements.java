// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.container;

import java.util.Collection;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.SynchronousBundleListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a bundle from the drop folder take the place of the shipped one with the same symbolic name. The shipped one
 * stops only after the other has started, so that there is always one of them, and starts again when the other goes.
 */
final class Replacements implements SynchronousBundleListener {

    private static final Logger LOG = LoggerFactory.getLogger(Replacements.class);

    private final BundleContext context;
    private final List<Bundle> shipped;

    private Replacements(BundleContext context, Collection<Bundle> shipped) {
        this.context = context;
        this.shipped = List.copyOf(shipped);
    }

    static void watch(BundleContext context, Collection<Bundle> shipped) {
        context.addBundleListener(new Replacements(context, shipped));
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        Bundle other = event.getBundle();
        if (shipped.contains(other)) {
            return;
        }
        if (event.getType() == BundleEvent.STARTED) {
            sameName(other).forEach(own -> stop(own, other));
        } else if (event.getType() == BundleEvent.STOPPED && frameworkRuns()) {
            sameName(other).forEach(Replacements::start);
        }
    }

    private List<Bundle> sameName(Bundle other) {
        return shipped.stream()
                .filter(own -> own.getSymbolicName() != null)
                .filter(own -> own.getSymbolicName().equals(other.getSymbolicName()))
                .toList();
    }

    private boolean frameworkRuns() {
        return context.getBundle().getState() == Bundle.ACTIVE;
    }

    private static void stop(Bundle own, Bundle other) {
        try {
            own.stop(Bundle.STOP_TRANSIENT);
            LOG.info("{} {} takes the place of {}", other.getSymbolicName(), other.getVersion(), own.getVersion());
        } catch (BundleException e) {
            LOG.warn("{} {} does not stop: {}", own.getSymbolicName(), own.getVersion(), e.getMessage());
        }
    }

    private static void start(Bundle own) {
        try {
            own.start(Bundle.START_TRANSIENT);
            LOG.info("{} {} is back", own.getSymbolicName(), own.getVersion());
        } catch (BundleException e) {
            LOG.warn("{} {} does not start: {}", own.getSymbolicName(), own.getVersion(), e.getMessage());
        }
    }
}
