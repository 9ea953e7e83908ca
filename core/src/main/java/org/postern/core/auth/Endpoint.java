// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import java.util.Locale;

/**
 * One port of one named host: what a secret is shown to and what a login is counted against.
 *
 * @param host the name as configuration or route has it, in lower case, without trailing dot
 * @param port 1 to 65535
 */
public record Endpoint(String host, int port) {

    /** Normalises the name. */
    public Endpoint {
        String lower = host.toLowerCase(Locale.ROOT);
        host = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
