// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.util.HashMap;
import java.util.Map;

/** Dictionaries as Configuration Admin hands them over. */
final class Settings {

    private final Map<String, Object> properties = new HashMap<>();

    private Settings() {
        properties.put("postern.config.directory", "/etc/postern");
        properties.put("postern.config.generation", "1");
        properties.put("banner_hostname", "mx.example");
    }

    static Settings listen(String... names) {
        return new Settings().with("listen", names);
    }

    Settings with(String key, Object value) {
        properties.put(key, value);
        return this;
    }

    Map<String, Object> dictionary() {
        return Map.copyOf(properties);
    }

    ListenSettings read() {
        ListenerConfiguration configuration = ListenerConfiguration.read(dictionary());
        if (!configuration.problems().isEmpty()) {
            throw new AssertionError(configuration.problems());
        }
        return configuration.listeners().get(0);
    }
}
