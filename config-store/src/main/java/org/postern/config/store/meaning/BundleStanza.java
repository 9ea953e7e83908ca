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
 * @param secrets option to what must not leave this process: it is compared and never handed to Configuration Admin
 */
public record BundleStanza(
        String name,
        String pid,
        Optional<String> instance,
        Map<String, Object> properties,
        Map<String, Object> secrets) {

    /** Copies the maps and keeps their order. */
    public BundleStanza {
        properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
        secrets = Collections.unmodifiableMap(new LinkedHashMap<>(secrets));
    }

    /** The persistent identity of exactly this one. */
    public String identity() {
        return instance.map(name -> pid + "~" + name).orElse(pid);
    }

    /** The stanza as an operator would name it. */
    public String title() {
        return instance.map(of -> name + " " + of).orElse(name);
    }

    /** The properties with lists instead of arrays, which can be compared, and the secrets. */
    public Map<String, Object> comparable() {
        Map<String, Object> comparable = new LinkedHashMap<>();
        properties.forEach((key, value) ->
                comparable.put(key, value instanceof String[] words ? List.of(words) : value));
        comparable.putAll(secrets);
        return comparable;
    }
}
