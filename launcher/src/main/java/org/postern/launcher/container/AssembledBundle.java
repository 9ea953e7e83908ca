// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.container;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;

/**
 * A bundle of the assembly.
 *
 * @param jar its file
 * @param startLevel from which start level on it runs, 1 to 99
 */
public record AssembledBundle(Path jar, int startLevel) {

    private static final String SPOOL = "org.postern.spi.spool.Spool";
    private static final String ENGINE = "org.postern.engine.DeliveryEngine";

    /** @throws NullPointerException if the file is missing */
    public AssembledBundle {
        Objects.requireNonNull(jar, "jar");
    }

    /** The file's name without {@code .jar}: the artifact. */
    public String name() {
        String file = jar.getFileName().toString();
        return file.substring(0, file.length() - ".jar".length());
    }

    /** Its symbolic name, if its manifest says that it keeps mail or takes it in. */
    Optional<String> nameIfMovingMail() throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            if (manifest == null) {
                return Optional.empty();
            }
            Attributes entries = manifest.getMainAttributes();
            boolean moves = String.valueOf(entries.getValue(Constants.PROVIDE_CAPABILITY))
                            .contains(SPOOL)
                    || String.valueOf(entries.getValue(Constants.REQUIRE_CAPABILITY))
                            .contains(ENGINE);
            return Optional.ofNullable(entries.getValue(Constants.BUNDLE_SYMBOLICNAME))
                    .filter(name -> moves)
                    .map(name -> name.split(";")[0].strip());
        }
    }

    /** Installs it, without starting it. A copy in the cache, not a reference: the home may be built anew meanwhile. */
    Bundle install(BundleContext context) throws IOException, BundleException {
        try (InputStream content = Files.newInputStream(jar)) {
            Bundle bundle = context.installBundle(location(), content);
            bundle.adapt(BundleStartLevel.class).setStartLevel(startLevel);
            return bundle;
        } catch (BundleException e) {
            throw new BundleException(jar + ": " + e.getMessage() + cause(e), e.getType(), e);
        }
    }

    /** A full disk hides behind "Unable to cache bundle". */
    private static String cause(BundleException e) {
        return e.getCause() == null || e.getCause().getMessage() == null
                ? ""
                : " (" + e.getCause().getMessage() + ")";
    }

    /** What it is in this container; null if somebody has uninstalled it. */
    Bundle in(BundleContext context) {
        return context.getBundle(location());
    }

    String location() {
        return "assembly:" + name();
    }
}
