// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.container;

import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.SynchronousBundleListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a bundle from the drop folder take the place of the shipped one with the same symbolic name. The shipped one
 * stops when the other is about to start, so that there are never two of them, and starts again when the other goes or
 * does not start after all. In the moment between, what is needed is waited for.
 *
 * <p>Where both have the same version, File Install updates the shipped bundle itself, and uninstalls it when the file
 * goes; then it is installed again from the home.
 */
final class Replacements implements SynchronousBundleListener {

    private static final Logger LOG = LoggerFactory.getLogger(Replacements.class);

    private final BundleContext context;
    private final Assembly assembly;

    private Replacements(BundleContext context, Assembly assembly) {
        this.context = context;
        this.assembly = assembly;
    }

    static void watch(BundleContext context, Assembly assembly) {
        context.addBundleListener(new Replacements(context, assembly));
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        Bundle bundle = event.getBundle();
        Optional<AssembledBundle> shipped = shipped(bundle);
        if (shipped.isPresent()) {
            if (event.getType() == BundleEvent.UNINSTALLED && frameworkRuns()) {
                // Not within the event: whoever uninstalls has not finished.
                Thread.ofVirtual().name("postern-reinstall").start(() -> reinstall(shipped.get()));
            }
        } else if (event.getType() == BundleEvent.STARTING) {
            // Not when it has started: two engines on one spool would deliver twice, and two listeners want one port.
            sameName(bundle).forEach(own -> stop(own, bundle));
        } else if (event.getType() == BundleEvent.STOPPED && frameworkRuns() && !isReplaced(bundle)) {
            sameName(bundle).forEach(Replacements::start);
        }
    }

    private Optional<AssembledBundle> shipped(Bundle bundle) {
        return assembly.bundles().stream()
                .filter(assembled -> assembled.location().equals(bundle.getLocation()))
                .findFirst();
    }

    private Stream<Bundle> sameName(Bundle other) {
        return assembly.bundles().stream()
                .map(assembled -> assembled.in(context))
                .filter(Objects::nonNull)
                .filter(own -> own.getSymbolicName() != null)
                .filter(own -> own.getSymbolicName().equals(other.getSymbolicName()));
    }

    /** Whether yet another bundle of that name, from the drop folder too, is in place. */
    private boolean isReplaced(Bundle stopped) {
        return Arrays.stream(context.getBundles())
                .filter(other -> other.getState() == Bundle.ACTIVE)
                .filter(other -> shipped(other).isEmpty())
                .map(Bundle::getSymbolicName)
                .anyMatch(name -> name != null && name.equals(stopped.getSymbolicName()));
    }

    private boolean frameworkRuns() {
        return context.getBundle().getState() == Bundle.ACTIVE;
    }

    private void reinstall(AssembledBundle shipped) {
        try {
            start(shipped.install(context));
        } catch (IOException | BundleException | IllegalStateException e) {
            LOG.warn("{} cannot be installed again: {}", shipped.name(), e.getMessage());
        }
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
            own.start();
            LOG.info("{} {} is back", own.getSymbolicName(), own.getVersion());
        } catch (BundleException e) {
            LOG.warn("{} {} does not start: {}", own.getSymbolicName(), own.getVersion(), e.getMessage());
        }
    }
}
