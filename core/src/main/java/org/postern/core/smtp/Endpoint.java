// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Objects;

/**
 * Where a session goes.
 *
 * @param host the name that the configuration gives or that a secure MX lookup gave, in lower case without trailing dot, or
 *     an address in text; certificates are checked against it
 * @param address the address to connect to
 * @param port 1 to 65535
 * @param implicitTls whether TLS starts before the greeting (RFC 8314 section 3)
 */
public record Endpoint(String host, InetAddress address, int port, boolean implicitTls) {

    /** @throws IllegalArgumentException if there is no host or the port is out of bounds */
    public Endpoint {
        host = withoutDot(host).toLowerCase(Locale.ROOT);
        Objects.requireNonNull(address, "address");
        if (host.isEmpty()) {
            throw new IllegalArgumentException("an endpoint has a host");
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " is not between 1 and 65535");
        }
    }

    private static String withoutDot(String host) {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    /** {@code host[address]:port}. */
    @Override
    public String toString() {
        return host + "[" + address.getHostAddress() + "]:" + port;
    }
}
