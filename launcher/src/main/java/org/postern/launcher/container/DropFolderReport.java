// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.container;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says which jars of the drop folder did not become running bundles, and why. What watches the folder passes over them
 * without a word. Each jar is reported once, until it changes.
 *
 * <p>Threading: one virtual thread of its own.
 */
final class DropFolderReport implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DropFolderReport.class);

    /** Longer than the watcher needs to install what it found. */
    private static final int SECONDS_BETWEEN_LOOKS = 3;

    private record Stamp(long size, FileTime modified) {}

    private final Path folder;
    private final BundleContext context;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<Path, Stamp> seen = new HashMap<>();
    private final Map<Path, Stamp> judged = new HashMap<>();

    DropFolderReport(Path folder, BundleContext context) {
        this.folder = folder;
        this.context = context;
    }

    /** Begins to look. */
    DropFolderReport start() {
        Thread.ofVirtual().name("postern-drop-folder").start(this::lookAgainAndAgain);
        return this;
    }

    private void lookAgainAndAgain() {
        try {
            while (!closed.await(SECONDS_BETWEEN_LOOKS, TimeUnit.SECONDS)) {
                look().forEach(LOG::warn);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IllegalStateException stopped) {
            LOG.debug("the framework has stopped");
        }
    }

    /** One look; a jar is judged when it has not changed since the last one. */
    List<String> look() {
        Map<Path, Stamp> now = stamps();
        List<String> complaints = new ArrayList<>();
        judged.entrySet().removeIf(old -> !old.getValue().equals(now.get(old.getKey())));
        now.forEach((jar, stamp) -> {
            if (stamp.equals(seen.get(jar)) && judged.put(jar, stamp) == null) {
                objection(jar).ifPresent(why -> complaints.add(jar + " is passed over: " + why));
            }
        });
        seen.clear();
        seen.putAll(now);
        return complaints;
    }

    private Map<Path, Stamp> stamps() {
        Map<Path, Stamp> stamps = new HashMap<>();
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, "*.jar")) {
            for (Path jar : jars) {
                BasicFileAttributes is = Files.readAttributes(jar, BasicFileAttributes.class);
                stamps.put(jar, new Stamp(is.size(), is.lastModifiedTime()));
            }
        } catch (IOException goneOrReplaced) {
            LOG.debug("{} is looked at again later: {}", folder, goneOrReplaced.toString());
        }
        return stamps;
    }

    private Optional<String> objection(Path jar) {
        Optional<Bundle> bundle = DroppedJars.bundleOf(jar, context);
        return bundle.isPresent() ? whyNotStarted(bundle.get()) : Optional.of(whyNoBundle(jar));
    }

    private static String whyNoBundle(Path jar) {
        try {
            return DroppedJars.manifest(jar).isPresent()
                    ? "it could not be installed"
                    : "it is no OSGi bundle (no Bundle-SymbolicName in its manifest)";
        } catch (IOException broken) {
            return "it is no jar, or cut off: " + broken.getMessage();
        }
    }

    private static Optional<String> whyNotStarted(Bundle bundle) {
        if (bundle.getState() != Bundle.INSTALLED && bundle.getState() != Bundle.RESOLVED) {
            return Optional.empty();
        }
        try {
            bundle.start(Bundle.START_TRANSIENT);
            return Optional.empty();
        } catch (BundleException e) {
            return Optional.of("it does not start: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
