// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** Remembers what it is given, and every touch. */
final class FakeConfigurationAdmin implements ConfigurationAdmin {

    final Map<String, FakeConfiguration> configurations = new TreeMap<>();
    final List<String> touches = new ArrayList<>();
    boolean failing;

    @Override
    public Configuration getConfiguration(String pid, String location) throws IOException {
        if (failing) {
            throw new IOException("disk full");
        }
        return configurations.computeIfAbsent(pid, FakeConfiguration::new);
    }

    @Override
    public Configuration getFactoryConfiguration(String factoryPid, String name, String location) throws IOException {
        return getConfiguration(factoryPid + "~" + name, location);
    }

    @Override
    public Configuration[] listConfigurations(String filter) {
        assert filter.equals("(postern.config.directory=*)");
        Configuration[] found = configurations.values().stream()
                .filter(one -> one.properties != null && one.properties.get("postern.config.directory") != null)
                .toArray(Configuration[]::new);
        return found.length == 0 ? null : found;
    }

    @Override
    public Configuration createFactoryConfiguration(String factoryPid) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Configuration createFactoryConfiguration(String factoryPid, String location) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Configuration getConfiguration(String pid) {
        throw new UnsupportedOperationException("binds the configuration to the caller");
    }

    @Override
    public Configuration getFactoryConfiguration(String factoryPid, String name) {
        throw new UnsupportedOperationException("binds the configuration to the caller");
    }

    final class FakeConfiguration implements Configuration {

        private final String pid;
        Dictionary<String, Object> properties;

        FakeConfiguration(String pid) {
            this.pid = pid;
        }

        @Override
        public String getPid() {
            return pid;
        }

        @Override
        public Dictionary<String, Object> getProperties() {
            if (properties == null) {
                return null;
            }
            Hashtable<String, Object> copy = new Hashtable<>();
            Collections.list(properties.keys()).forEach(key -> copy.put(key, properties.get(key)));
            copy.put("service.pid", pid);
            return copy;
        }

        @Override
        public void update(Dictionary<String, ?> fresh) {
            Hashtable<String, Object> copy = new Hashtable<>();
            Collections.list(fresh.keys()).forEach(key -> copy.put(key, fresh.get(key)));
            properties = copy;
            touches.add("update " + pid);
        }

        @Override
        public void delete() {
            configurations.remove(pid);
            touches.add("delete " + pid);
        }

        @Override
        public Dictionary<String, Object> getProcessedProperties(org.osgi.framework.ServiceReference<?> reference) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String getFactoryPid() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void update() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean updateIfDifferent(Dictionary<String, ?> fresh) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void setBundleLocation(String location) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String getBundleLocation() {
            return "?";
        }

        @Override
        public long getChangeCount() {
            return 0;
        }

        @Override
        public void addAttributes(ConfigurationAttribute... attributes) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Set<ConfigurationAttribute> getAttributes() {
            return Set.of();
        }

        @Override
        public void removeAttributes(ConfigurationAttribute... attributes) {
            throw new UnsupportedOperationException();
        }
    }
}
