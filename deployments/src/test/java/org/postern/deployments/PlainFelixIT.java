// SPDX-License-Identifier: Apache-2.0
package org.postern.deployments;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Felix as it is, with nothing but its own launcher and its own folder of bundles. */
@Timeout(180)
class PlainFelixIT {

    @TempDir
    private Path folder;

    @Test
    void deliversWithPasswordFromItsFolderOfBundles() throws Exception {
        ShippedBundles.copyTo(Files.createDirectory(folder.resolve("bundle")));
        try (Errand errand = new Errand(folder)) {
            Files.createDirectory(folder.resolve("conf"));
            Files.writeString(folder.resolve("conf/config.properties"), """
                    felix.auto.deploy.action = install,start
                    org.osgi.framework.storage.clean = onFirstInit
                    felix.service.urlhandlers = false
                    """ + errand.properties());
            Path felix = ShippedBundles.FRAMEWORKS.resolve("org.apache.felix.main.jar");
            List<String> command = List.of(ContainerProcess.java(), "-jar", felix.toString());
            try (ContainerProcess process = ContainerProcess.start(folder, Map.of(), command)) {
                errand.run(process.output(), process.handle());
            }
        }
    }
}
