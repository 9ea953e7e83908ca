// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.credential;

import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Names a credential without holding it. It may be logged.
 *
 * @param key the handle that a store is asked for, such as the value of {@code Outbound_SMTP_AUTH_Key}
 * @param attributes what the store wanted to know beside it; what is not known is absent
 */
public record CredentialRef(String key, Map<LookupAttribute, String> attributes) {

    /** @throws NullPointerException if a part is missing */
    public CredentialRef {
        Objects.requireNonNull(key, "key");
        attributes = Map.copyOf(attributes);
    }

    /** A reference that depends on nothing but the key. */
    public CredentialRef(String key) {
        this(key, Map.of());
    }

    /** The same key with these attributes only: two messages that differ in others ask the same. */
    public CredentialRef narrowedTo(Set<LookupAttribute> wanted) {
        if (wanted.containsAll(attributes.keySet())) {
            return this;
        }
        return new CredentialRef(
                key,
                attributes.entrySet().stream()
                        .filter(attribute -> wanted.contains(attribute.getKey()))
                        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    /** The key, and the attributes in the order of their kinds. */
    @Override
    public String toString() {
        if (attributes.isEmpty()) {
            return key;
        }
        return EnumSet.copyOf(attributes.keySet()).stream()
                .map(kind -> kind + "=" + attributes.get(kind))
                .collect(Collectors.joining(" ", key + " (", ")"));
    }
}
