// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.container;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.framework.wiring.BundleRevision;

/**
 * A running OSGi framework with an assembly of bundles in it.
 *
 * <p>Threading: safe for many threads.
 */
public final class Container implements AutoCloseable {

    /** Where bundles from the drop folder stand: among the plug-ins, before whatever they replace has stopped. */
    static final int DROPPED_LEVEL = 3;

    private final Framework framework;
    private final ContainerPlan plan;
    private volatile Optional<DropFolderReport> report = Optional.empty();

    private Container(Framework framework, ContainerPlan plan) {
        this.framework = framework;
        this.plan = plan;
    }

    /**
     * Starts the framework, and every bundle up to the highest start level. A bundle that cannot start does not keep the
     * others from it; {@link #failures()} names it.
     *
     * @throws IOException if a bundle cannot be read or the cache cannot be written
     * @throws BundleException if the framework itself does not start
     */
    public static Container start(ContainerPlan plan) throws IOException, BundleException {
        Files.createDirectories(plan.cache());
        int settled = Math.max(1, plan.assembly().highestLevel() - 1);
        Map<String, Object> properties = FrameworkProperties.of(plan, settled);
        Framework framework = newFramework(properties);
        framework.init();
        Container container = new Container(framework, plan);
        try {
            container.installAll();
            container.startAll();
        } catch (IOException | BundleException | RuntimeException e) {
            container.stop(Duration.ofSeconds(10));
            throw e;
        }
        return container;
    }

    // Felix takes a logger object among its properties, although the standard's signature speaks of strings.
    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Framework newFramework(Map<String, Object> properties) {
        return new FrameworkFactory().newFramework((Map) properties);
    }

    private void installAll() throws IOException, BundleException {
        for (AssembledBundle assembled : plan.assembly().bundles()) {
            assembled.install(context());
        }
    }

    private void startAll() throws BundleException {
        if (plan.dropFolder().isPresent()) {
            Replacements.watch(context(), plan.assembly());
        }
        framework.start();
        for (Bundle bundle : shipped()) {
            markForStart(bundle);
        }
        DroppedJars.await(plan.dropFolder(), context(), Duration.ofSeconds(5));
        raiseTo(plan.assembly().highestLevel());
        report = plan.dropFolder().map(folder -> new DropFolderReport(folder, context()).start());
    }

    private static void markForStart(Bundle bundle) {
        try {
            if (!isFragment(bundle)) {
                bundle.start();
            }
        } catch (BundleException e) {
            // Reported with the rest by failures(): one bundle that cannot start must not stop the others.
        }
    }

    private void raiseTo(int level) {
        CountDownLatch reached = new CountDownLatch(1);
        FrameworkListener listener = event -> {
            if (event.getType() == FrameworkEvent.STARTLEVEL_CHANGED) {
                reached.countDown();
            }
        };
        framework.adapt(FrameworkStartLevel.class).setStartLevel(level, listener);
        try {
            reached.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Bundle> shipped() {
        return plan.assembly().bundles().stream()
                .map(assembled -> assembled.in(context()))
                .filter(Objects::nonNull)
                .toList();
    }

    /** The way to services and bundles. */
    public BundleContext context() {
        return framework.getBundleContext();
    }

    /**
     * Replaces a shipped bundle by what its file holds now. Mail in flight ends on the old one.
     *
     * @throws IOException if there is no such bundle, or its file cannot be read
     * @throws BundleException if it does not start again
     */
    public void update(String symbolicName) throws IOException, BundleException {
        for (AssembledBundle assembled : plan.assembly().bundles()) {
            Bundle bundle = assembled.in(context());
            if (bundle != null && symbolicName.equals(bundle.getSymbolicName())) {
                try (InputStream jar = Files.newInputStream(assembled.jar())) {
                    bundle.update(jar);
                }
                return;
            }
        }
        throw new IOException("there is no bundle " + symbolicName);
    }

    /** The bundles other than the framework's own, by name. */
    public List<BundleView> bundles() {
        List<BundleView> views = new ArrayList<>();
        for (Bundle bundle : context().getBundles()) {
            if (bundle.getBundleId() != Constants.SYSTEM_BUNDLE_ID) {
                views.add(BundleView.of(bundle));
            }
        }
        views.sort(Comparator.comparing(BundleView::name).thenComparing(BundleView::version));
        return List.copyOf(views);
    }

    /** The bundles of the assembly that do not run although nobody stopped them, each with the framework's reason. */
    public List<StartFailure> failures() {
        List<StartFailure> failures = new ArrayList<>();
        for (Bundle bundle : shipped()) {
            if (bundle.getState() == Bundle.INSTALLED || bundle.getState() == Bundle.RESOLVED) {
                reasonNotToStart(bundle).ifPresent(failures::add);
            }
        }
        return List.copyOf(failures);
    }

    private static Optional<StartFailure> reasonNotToStart(Bundle bundle) {
        boolean wanted = bundle.adapt(BundleStartLevel.class).isPersistentlyStarted();
        if (isFragment(bundle) || !wanted) {
            return Optional.empty();
        }
        try {
            bundle.start(Bundle.START_TRANSIENT);
            return Optional.empty();
        } catch (BundleException e) {
            return Optional.of(new StartFailure(bundle.getSymbolicName(), firstLine(e)));
        }
    }

    private static String firstLine(BundleException e) {
        Throwable last = e.getCause() == null ? e : e.getCause();
        return String.valueOf(last.getMessage()).lines().findFirst().orElse(last.toString());
    }

    private static boolean isFragment(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision != null && (revision.getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
    }

    /**
     * Stops: the start level goes down, so that intake ends before delivery, and delivery before storage.
     *
     * @return whether everything had stopped within the deadline
     */
    public boolean stop(Duration deadline) {
        report.ifPresent(DropFolderReport::close);
        try {
            framework.stop();
            return framework.waitForStop(deadline.toMillis()).getType() != FrameworkEvent.WAIT_TIMEDOUT;
        } catch (BundleException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        stop(Duration.ofSeconds(30));
    }
}
