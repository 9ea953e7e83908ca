// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.meaning;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one bundle is told.
 *
 * @param name the stanza's name as documented
 * @param pid the persistent identity, that of a factory where there is an instance
 * @param instance the instance name, for a stanza that may stand several times
 * @param properties option to {@code String} or {@code String[]}
 */
public record BundleStanza(String name, String pid, Optional<String> instance, Map<String, Object> properties) {

    /** Copies the map and keeps its order. */
    public BundleStanza {
        properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
    }

    /** The persistent identity of exactly this one. */
    public String identity() {
        return instance.map(name -> pid + "~" + name).orElse(pid);
    }

    /** The stanza as an operator would name it. */
    public String title() {
        return instance.map(of -> name + " " + of).orElse(name);
    }

    /** The properties with lists instead of arrays, which can be compared. */
    public Map<String, Object> comparable() {
        Map<String, Object> comparable = new LinkedHashMap<>();
        properties.forEach((key, value) ->
                comparable.put(key, value instanceof String[] words ? List.of(words) : value));
        return comparable;
    }
}
