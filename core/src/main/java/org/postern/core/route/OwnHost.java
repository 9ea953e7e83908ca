// SPDX-License-Identifier: Apache-2.0
package org.postern.core.route;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What this relay is known by, so that an MX that points back here is noticed (RFC 5321 section 5.1).
 *
 * @param names the names it gives in EHLO
 * @param addresses the addresses that it takes mail at on port 25
 */
public record OwnHost(Set<String> names, Set<InetAddress> addresses) {

    /** Known by nothing. */
    public static final OwnHost UNKNOWN = new OwnHost(Set.of(), Set.of());

    /** Copies the sets, names in lower case. */
    public OwnHost {
        names = names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
        addresses = Set.copyOf(addresses);
    }
}
