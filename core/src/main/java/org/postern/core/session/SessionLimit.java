// SPDX-License-Identifier: Apache-2.0
package org.postern.core.session;

import java.util.Objects;
import java.util.Optional;

/**
 * How many sessions may be open at once among those that are counted under the same key.
 *
 * @param key what they have in common
 * @param most at least 1
 * @param name what the key is called among relays that share a queue, which then have so many all together; empty for a
 *     limit that each relay has for itself
 */
public record SessionLimit(Object key, long most, Optional<String> name) {

    /** @throws NullPointerException if there is no key */
    public SessionLimit {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(name, "name");
    }

    /** One that a relay has for itself. */
    public SessionLimit(Object key, long most) {
        this(key, most, Optional.empty());
    }

    SessionLimit atMost(long fewer) {
        return new SessionLimit(key, Math.min(most, fewer), name);
    }
}
