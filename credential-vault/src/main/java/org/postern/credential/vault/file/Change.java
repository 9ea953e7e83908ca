// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.vault.file;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * What is about to be done to a vault, for its audit log.
 *
 * @param verb in one word, such as {@code set}
 * @param keys the entries concerned; none where it concerns the whole vault
 * @param when now
 */
public record Change(String verb, List<String> keys, Instant when) {

    /** @throws NullPointerException if a part is missing */
    public Change {
        Objects.requireNonNull(verb, "verb");
        Objects.requireNonNull(when, "when");
        keys = List.copyOf(keys);
    }

    /** A change of one entry. */
    public static Change of(String verb, String key, Instant when) {
        return new Change(verb, List.of(key), when);
    }

    /** A change of several entries. */
    public static Change of(String verb, Collection<String> keys, Instant when) {
        return new Change(verb, List.copyOf(keys), when);
    }
}
