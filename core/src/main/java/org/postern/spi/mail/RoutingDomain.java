// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.mail;

import java.net.IDN;
import java.util.Locale;
import java.util.Objects;

/**
 * The domain that a message is queued under: the recipient's domain, unless a gateway replaces it.
 *
 * @param name lower case, without trailing dot, with A-labels for U-labels; never empty
 */
public record RoutingDomain(String name) implements Comparable<RoutingDomain> {

    /** @throws NullPointerException if there is no name */
    public RoutingDomain {
        Objects.requireNonNull(name, "name");
    }

    /** Normalises a name as written by people. A name that IDNA cannot convert is kept in lower case. */
    public static RoutingDomain of(String written) {
        String name = written.endsWith(".") ? written.substring(0, written.length() - 1) : written;
        return new RoutingDomain(toAscii(name).toLowerCase(Locale.ROOT));
    }

    private static String toAscii(String name) {
        if (isAscii(name)) {
            return name;
        }
        try {
            return IDN.toASCII(name);
        } catch (IllegalArgumentException notConvertible) {
            return name;
        }
    }

    private static boolean isAscii(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int compareTo(RoutingDomain other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
