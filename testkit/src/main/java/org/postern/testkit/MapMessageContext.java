// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.postern.spi.policy.MessageContext;
import org.postern.spi.policy.ReceivedMessage;

/** The variables of a message, in a map that a test looks into. Threading: for one thread. */
public final class MapMessageContext implements MessageContext {

    private static final Set<String> ALWAYS_THERE = Set.of(
            "mailfrom_string",
            "mailfrom_localpart",
            "mailfrom_domain",
            "rcptto_string",
            "rcptto_localpart",
            "rcptto_domain");

    private final Map<String, String> given = new TreeMap<>();
    private final Map<String, String> configured;
    private final Map<String, String> variables = new TreeMap<>();

    /**
     * A context in which the configuration says this.
     *
     * @param configured values of options, by their names in lower case
     */
    public MapMessageContext(ReceivedMessage message, Map<String, String> configured) {
        this.configured = Map.copyOf(configured);
        give("mailfrom", message.envelope().senderText());
        give("rcptto", message.envelope().recipients().getFirst().toString());
    }

    /** A context in which the configuration says nothing. */
    public static MapMessageContext of(ReceivedMessage message) {
        return new MapMessageContext(message, Map.of());
    }

    private void give(String prefix, String address) {
        int at = address.lastIndexOf('@');
        given.put(prefix + "_string", address);
        given.put(prefix + "_localpart", at < 0 ? address : address.substring(0, at));
        given.put(prefix + "_domain", at < 0 ? "" : address.substring(at + 1));
    }

    @Override
    public Optional<String> get(String name) {
        return Optional.ofNullable(given.getOrDefault(name, variables.getOrDefault(name, configured.get(name))));
    }

    @Override
    public void set(String name, String value) {
        if (ALWAYS_THERE.contains(name)) {
            throw new IllegalArgumentException(name + " cannot be changed");
        }
        variables.put(name, value);
    }

    @Override
    public boolean delete(String name) {
        return variables.remove(name) != null;
    }

    /** What was set and not deleted. */
    public Map<String, String> variables() {
        return Map.copyOf(variables);
    }
}
