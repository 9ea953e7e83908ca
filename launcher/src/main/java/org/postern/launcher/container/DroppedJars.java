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
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleListener;

/**
 * What already lies in the drop folder when the container starts. The configuration is read only when those bundles are
 * in, because they may bring options of their own.
 */
final class DroppedJars {

    private DroppedJars() {}

    /** Returns when each jar of the folder has become a bundle, or the time is up. */
    static void await(Optional<Path> folder, BundleContext context, Duration atMost) {
        List<Path> jars = folder.map(DroppedJars::jars).orElse(List.of());
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

    private static boolean allPresent(List<Path> jars, BundleContext context) {
        List<String> running = Arrays.stream(context.getBundles())
                .filter(bundle -> bundle.getState() == Bundle.ACTIVE)
                .map(Bundle::getLocation)
                .toList();
        return jars.stream().allMatch(jar -> running.contains(jar.toUri().toString()));
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
