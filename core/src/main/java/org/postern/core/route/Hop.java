// SPDX-License-Identifier: Apache-2.0
package org.postern.core.route;

import java.net.InetAddress;
import java.util.List;
import java.util.Objects;

/**
 * A host to try.
 *
 * @param host its name in lower case, or an address as text: what certificates and credentials are compared with
 * @param port 1 to 65535
 * @param implicitTls whether TLS begins with the connection
 * @param addresses its addresses in the order to try; never empty
 */
public record Hop(String host, int port, boolean implicitTls, List<InetAddress> addresses) {

    /** Copies the list. */
    public Hop {
        Objects.requireNonNull(host, "host");
        addresses = List.copyOf(addresses);
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
