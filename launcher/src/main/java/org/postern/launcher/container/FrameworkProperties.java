// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.container;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Constants;
import org.postern.launcher.BuildInfo;

/** The settings of the framework itself and of the bundles that are configured by framework properties. */
final class FrameworkProperties {

    private FrameworkProperties() {}

    static Map<String, Object> of(ContainerPlan plan, int beginning) {
        Map<String, Object> properties = new HashMap<>(plan.properties());
        properties.put(Constants.FRAMEWORK_STORAGE, plan.cache().toString());
        // What must outlive a restart is on the spool and in files; a cache that is never old cannot surprise.
        properties.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        properties.put(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, Integer.toString(beginning));
        properties.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, loggingPackages());
        // A bundle sees what it imports; nothing seeps in from the launcher's class path.
        properties.put(Constants.FRAMEWORK_BOOTDELEGATION, "");
        properties.put("felix.bootdelegation.implicit", "false");
        // The handlers hook into java.net.URL by reflection that newer JDKs refuse.
        properties.put("felix.service.urlhandlers", "false");
        properties.put("felix.log.level", "2");
        properties.put("felix.log.logger", new FrameworkLog());
        properties.put("ds.loglevel", "warn");
        plan.dropFolder().ifPresent(folder -> properties.putAll(watching(folder, plan.cache())));
        return properties;
    }

    /** Logging lives on the class path, so that launcher and bundles share one configuration. */
    private static String loggingPackages() {
        return Stream.of("org.slf4j", "org.slf4j.event", "org.slf4j.helpers", "org.slf4j.spi")
                .map(name -> name + ";version=" + BuildInfo.SLF4J_VERSION)
                .collect(Collectors.joining(","));
    }

    private static Map<String, String> watching(Path folder, Path cache) {
        return Map.of(
                "felix.fileinstall.dir", folder.toString(),
                "felix.fileinstall.tmpdir", cache.resolve("fileinstall").toString(),
                "felix.fileinstall.poll", "1000",
                "felix.fileinstall.noInitialDelay", "true",
                "felix.fileinstall.filter", ".*\\.jar",
                "felix.fileinstall.enableConfigSave", "false",
                "felix.fileinstall.start.level", Integer.toString(Container.DROPPED_LEVEL),
                "felix.fileinstall.bundles.startTransient", "true",
                "felix.fileinstall.log.level", "1");
    }
}
