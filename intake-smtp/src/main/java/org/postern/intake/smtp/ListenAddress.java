// SPDX-License-Identifier: Apache-2.0
package org.postern.intake.smtp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postern.spi.settings.InvalidValueException;

/**
 * Where to listen, as written.
 *
 * @param written {@code 127.0.0.1:2525}, {@code [::1]:2525}, {@code localhost:0} or {@code *:25}
 * @param host a name or an address without brackets; empty for all addresses of the machine
 * @param port 0 for any that is free
 */
record ListenAddress(String written, String host, int port) {

    private static final Pattern FORM = Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([A-Za-z0-9._-]*|\\*)):(\\d{1,5})");

    static ListenAddress parse(String written) throws InvalidValueException {
        Matcher matcher = FORM.matcher(written);
        if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > 65_535) {
            throw new InvalidValueException(
                    "must be address:port, such as 127.0.0.1:2525, [::1]:2525 or *:25 for all addresses");
        }
        String host = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
        return new ListenAddress(written, host.equals("*") ? "" : host, Integer.parseInt(matcher.group(3)));
    }

    /** @throws UnknownHostException if the name has no address */
    InetSocketAddress resolve() throws UnknownHostException {
        return host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(InetAddress.getByName(host), port);
    }

    /** {@code 127.0.0.1:2525} or {@code [::1]:2525}. */
    static String show(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    @Override
    public String toString() {
        return written;
    }
}
