// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.policy;

import java.util.Locale;

/** Whether the AUTH command carries the mechanism's first message, where it has one to begin with (RFC 4954 section 4). */
public enum InitialResponse {
    /** Where the line stays within 512 octets, as the standard has it. */
    AUTO,
    /** However long the line gets: for peers that cannot do without. */
    ALWAYS,
    /** Never: for peers that cannot do with it. */
    NEVER;

    /** From the setting's word, in any case. */
    public static InitialResponse of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
