// SPDX-License-Identifier: Apache-2.0
package org.postern.core.limits;

import java.util.Locale;

/** What is counted per time. */
public enum Counted {
    /** AUTH commands. */
    LOGINS,
    /** Mail transactions. */
    MESSAGES,
    /** Recipients of mail transactions. */
    RECIPIENTS;

    /** As it is written in the configuration. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if it is none */
    static Counted named(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
