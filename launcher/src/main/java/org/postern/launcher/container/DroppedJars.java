// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.container;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleListener;
import org.osgi.framework.Constants;

/**
 * What already lies in the drop folder when the container starts. The configuration is read only when those bundles are
 * in, because they may bring options of their own.
 */
final class DroppedJars {

    private DroppedJars() {}

    /** Returns when each jar of the folder has become a bundle, or the time is up. */
    static void await(Optional<Path> folder, BundleContext context, Duration atMost) {
        List<Path> jars = folder.map(DroppedJars::jars).orElse(List.of()).stream()
                .filter(DroppedJars::isBundle)
                .toList();
        if (jars.isEmpty()) {
            return;
        }
        CountDownLatch all = new CountDownLatch(1);
        BundleListener listener = event -> {
            if (allPresent(jars, context)) {
                all.countDown();
            }
        };
        context.addBundleListener(listener);
        try {
            if (!allPresent(jars, context)) {
                all.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            context.removeBundleListener(listener);
        }
    }

    /** Where what watches the folder says that a jar is from: as {@code File} writes it, with one slash. */
    static String location(Path jar) {
        return jar.toFile().toURI().toString();
    }

    private static boolean allPresent(List<Path> jars, BundleContext context) {
        return jars.stream()
                .allMatch(jar -> bundleOf(jar, context)
                        .filter(bundle -> bundle.getState() == Bundle.ACTIVE)
                        .isPresent());
    }

    /**
     * The bundle that a jar became. What watches the folder does not install a second one of the same name and version:
     * it updates the one that is there, wherever that is from.
     */
    static Optional<Bundle> bundleOf(Path jar, BundleContext context) {
        Bundle own = context.getBundle(location(jar));
        if (own != null) {
            return Optional.of(own);
        }
        try {
            return manifest(jar).flatMap(manifest -> twin(manifest.getMainAttributes(), context));
        } catch (IOException broken) {
            return Optional.empty();
        }
    }

    private static Optional<Bundle> twin(Attributes manifest, BundleContext context) {
        String name =
                manifest.getValue(Constants.BUNDLE_SYMBOLICNAME).split(";")[0].strip();
        String version = manifest.getValue(Constants.BUNDLE_VERSION);
        return Arrays.stream(context.getBundles())
                .filter(bundle -> name.equals(bundle.getSymbolicName()))
                .filter(bundle -> bundle.getVersion().toString().equals(version))
                .findFirst();
    }

    /**
     * A bundle's manifest; nothing where the jar is no bundle.
     *
     * @throws IOException if it is no jar, or cut off
     */
    static Optional<Manifest> manifest(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return Optional.ofNullable(file.getManifest())
                    .filter(manifest -> manifest.getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME) != null);
        }
    }

    private static boolean isBundle(Path jar) {
        try {
            return manifest(jar).isPresent();
        } catch (IOException broken) {
            return false;
        }
    }

    private static List<Path> jars(Path folder) {
        List<Path> jars = new ArrayList<>();
        try (DirectoryStream<Path> content = Files.newDirectoryStream(folder, "*.jar")) {
            content.forEach(jars::add);
        } catch (IOException e) {
            return List.of();
        }
        return jars;
    }
}
