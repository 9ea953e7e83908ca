// SPDX-License-Identifier: Apache-2.0
package org.postern.config.store.meaning;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.postern.spi.settings.StanzaType;

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

    private static final int DIGEST_OCTETS = 16;

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

    /**
     * A hash of what the bundle is told, for {@link StanzaType#DIGEST}. Secrets are left out: a hash that can be read by all
     * would tell a guess from the truth.
     */
    public String digest() {
        StringBuilder text = new StringBuilder(identity());
        new TreeMap<>(properties)
                .forEach((key, value) -> text.append('\0')
                        .append(key)
                        .append('\0')
                        .append(value instanceof String[] words ? String.join("\0", words) : value));
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, DIGEST_OCTETS);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java runtime has SHA-256", missing);
        }
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
