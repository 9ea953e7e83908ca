// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store;

import java.io.IOException;
import java.util.Dictionary;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.postern.config.store.meaning.BundleStanza;
import org.postern.config.store.meaning.Loaded;
import org.postern.spi.settings.StanzaType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands stanzas to Configuration Admin. It touches only what differs, because a component restarts at every touch, and
 * deletes what it once made and the file no longer has; it knows its own by the entry {@link #DIRECTORY}.
 */
final class StanzaPublisher {

    /** The entry that holds the directory of the main file. */
    static final String DIRECTORY = "postern.config.directory";

    /** The entry that holds the number of the configuration in which the stanza last changed, a {@code Long}. */
    static final String GENERATION = "postern.config.generation";

    private static final Logger LOG = LoggerFactory.getLogger(StanzaPublisher.class);
    private static final String ANY_BUNDLE = "?";
    private static final Set<String> NOT_COMPARED =
            Set.of(GENERATION, Constants.SERVICE_PID, ConfigurationAdmin.SERVICE_FACTORYPID);

    private final ConfigurationAdmin admin;
    private final Set<String> idle;

    /** @param idle bundles that get no stanza, by the name that their persistent identities begin with */
    StanzaPublisher(ConfigurationAdmin admin, Set<String> idle) {
        this.admin = admin;
        this.idle = Set.copyOf(idle);
    }

    /** Makes Configuration Admin hold what the configuration says. Failures are logged, one per stanza. */
    void publish(Loaded loaded) {
        Set<String> wanted = new HashSet<>();
        for (BundleStanza stanza : loaded.stanzas()) {
            if (isIdle(stanza.pid())) {
                continue;
            }
            wanted.add(stanza.identity());
            guarded("update " + stanza.identity(), () -> update(stanza, loaded));
        }
        guarded("delete stanzas that are gone", () -> deleteOthers(wanted));
    }

    private boolean isIdle(String pid) {
        return idle.stream().anyMatch(name -> pid.equals(name) || pid.startsWith(name + "."));
    }

    private void update(BundleStanza stanza, Loaded loaded) throws IOException {
        Configuration configuration = stanza.instance().isPresent()
                ? admin.getFactoryConfiguration(stanza.pid(), stanza.instance().get(), ANY_BUNDLE)
                : admin.getConfiguration(stanza.pid(), ANY_BUNDLE);
        Hashtable<String, Object> properties = new Hashtable<>(handedOver(stanza, loaded));
        if (!comparable(properties).equals(comparable(configuration.getProperties()))) {
            properties.put(GENERATION, loaded.snapshot().generation());
            configuration.update(properties);
        }
    }

    /** What a bundle is handed for a stanza, but for the number of the configuration. */
    static Map<String, Object> handedOver(BundleStanza stanza, Loaded loaded) {
        Map<String, Object> properties = new HashMap<>(stanza.properties());
        properties.put(DIRECTORY, loaded.directory().toString());
        properties.put(StanzaType.DIGEST, stanza.digest());
        return properties;
    }

    private static Map<String, Object> comparable(Dictionary<String, Object> properties) {
        Map<String, Object> comparable = new HashMap<>();
        if (properties != null) {
            for (Enumeration<String> keys = properties.keys(); keys.hasMoreElements(); ) {
                String key = keys.nextElement();
                Object value = properties.get(key);
                comparable.put(key, value instanceof String[] words ? List.of(words) : value);
            }
        }
        comparable.keySet().removeAll(NOT_COMPARED);
        return comparable;
    }

    private void deleteOthers(Set<String> wanted) throws IOException {
        for (Configuration configuration : ours()) {
            if (!wanted.contains(configuration.getPid())) {
                configuration.delete();
            }
        }
    }

    private Configuration[] ours() throws IOException {
        try {
            Configuration[] ours = admin.listConfigurations("(" + DIRECTORY + "=*)");
            return ours == null ? new Configuration[0] : ours;
        } catch (InvalidSyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void guarded(String what, Work work) {
        try {
            work.run();
        } catch (IOException | IllegalStateException | IllegalArgumentException failed) {
            LOG.error("could not {}: {}", what, failed.toString());
        }
    }
}
