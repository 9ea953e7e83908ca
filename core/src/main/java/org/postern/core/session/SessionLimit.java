// SPDX-License-Identifier: Apache-2.0
package org.postern.core.session;

import java.util.Objects;

/**
 * How many sessions may be open at once among those that are counted under the same key.
 *
 * @param key what they have in common
 * @param most at least 1
 */
public record SessionLimit(Object key, long most) {

    /** @throws NullPointerException if there is no key */
    public SessionLimit {
        Objects.requireNonNull(key, "key");
    }
}
