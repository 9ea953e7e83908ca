// SPDX-License-Identifier: Apache-2.0
package org.postern.spi.mail;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who handed a message in over SMTP, as the host saw it that took the message. It travels with the message as variables
 * of its context, whose names begin with {@code xclient_}. Nothing in it is to be
 * trusted for more than the words of a stranger, and whatever has not the form of what it should be counts as unknown.
 * Immutable.
 *
 * @param name the host name that the client's address leads to: up to 190 letters, digits, hyphens, underscores and dots
 * @param address the client's IP address, of version 6 if it has a colon; without a zone
 * @param port the client's port, from 1 to 65535, in decimal digits
 * @param helo what the client called itself: up to 190 visible ASCII characters
 * @param protocol {@code ESMTP} or {@code SMTP}
 */
public record SubmittingClient(
        Optional<String> name,
        Optional<String> address,
        Optional<String> port,
        Optional<String> helo,
        Optional<String> protocol) {

    /** What the names of its variables begin with. */
    public static final String PREFIX = "xclient_";

    private static final String NAME = PREFIX + "name";
    private static final String ADDRESS = PREFIX + "addr";
    private static final String PORT = PREFIX + "port";
    private static final String HELO = PREFIX + "helo";
    private static final String PROTOCOL = PREFIX + "proto";

    private static final Pattern HOST_NAME = Pattern.compile("[A-Za-z0-9._-]{1,190}");
    private static final Pattern IP_ADDRESS =
            Pattern.compile("(25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}"
                    + "|(?=[^:]*:[^:]*:)[0-9A-Fa-f:.]{2,45}");
    private static final Pattern PORT_NUMBER = Pattern.compile("[1-9][0-9]{0,4}");
    private static final int LAST_PORT = 65_535;
    private static final Pattern VISIBLE = Pattern.compile("[!-~]{1,190}");
    private static final Pattern PROTOCOLS = Pattern.compile("E?SMTP");

    /** What has another form becomes unknown. */
    public SubmittingClient {
        name = having(HOST_NAME, name);
        address = having(IP_ADDRESS, address);
        port = having(PORT_NUMBER, port).filter(number -> Integer.parseInt(number) <= LAST_PORT);
        helo = having(VISIBLE, helo);
        protocol = having(PROTOCOLS, protocol);
    }

    private static Optional<String> having(Pattern form, Optional<String> text) {
        return text.filter(given -> form.matcher(given).matches());
    }

    /** The client that the context of a message tells of. */
    public static SubmittingClient of(Map<String, String> context) {
        return new SubmittingClient(
                Optional.ofNullable(context.get(NAME)),
                Optional.ofNullable(context.get(ADDRESS)),
                Optional.ofNullable(context.get(PORT)),
                Optional.ofNullable(context.get(HELO)),
                Optional.ofNullable(context.get(PROTOCOL)));
    }

    /** The variables that tell of it; none for what is unknown. */
    public Map<String, String> variables() {
        Map<String, String> variables = new HashMap<>();
        name.ifPresent(value -> variables.put(NAME, value));
        address.ifPresent(value -> variables.put(ADDRESS, value));
        port.ifPresent(value -> variables.put(PORT, value));
        helo.ifPresent(value -> variables.put(HELO, value));
        protocol.ifPresent(value -> variables.put(PROTOCOL, value));
        return Map.copyOf(variables);
    }
}
