// SPDX-License-Identifier: Apache-2.0
package org.postern.core.smtp;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.postern.spi.mail.SubmittingClient;
import org.postern.spi.mail.Xtext;

/**
 * Whose messages a session is for, to be told to the peer by XCLIENT, Postfix's extension for a relay that stands before
 * another one (its XCLIENT_README). The user that the client logged in as is never told.
 *
 * @param required whether there is no session with a peer that does not take it
 * @param client the client
 */
public record Xclient(boolean required, SubmittingClient client) {

    /** The keyword in the reply to EHLO. */
    static final String KEYWORD = "XCLIENT";

    private static final String UNAVAILABLE = "[UNAVAILABLE]";

    // With all attributes the line keeps within the 512 octets of RFC 5321 section 4.5.3.1.4.
    private static final int LONGEST_VALUE = 190;

    /** @throws NullPointerException if there is no client */
    public Xclient {
        Objects.requireNonNull(client, "client");
    }

    /** The attributes that the peer wants and this side has, encoded; none if it wants none of them. */
    List<String> attributes(Capabilities capabilities) {
        Set<String> wanted = new HashSet<>();
        capabilities.arguments(KEYWORD).forEach(name -> wanted.add(name.toUpperCase(Locale.ROOT)));
        List<String> attributes = new ArrayList<>();
        add("NAME", client.name(), wanted, attributes);
        add("ADDR", client.address().map(Xclient::address), wanted, attributes);
        add("PORT", client.port(), wanted, attributes);
        add("PROTO", client.protocol(), wanted, attributes);
        add("HELO", client.helo(), wanted, attributes);
        return attributes;
    }

    private static String address(String literal) {
        return literal.indexOf(':') < 0 ? literal : "IPV6:" + literal;
    }

    private static void add(String name, Optional<String> value, Set<String> wanted, List<String> attributes) {
        if (wanted.contains(name)) {
            attributes.add(name + "="
                    + value.map(Xtext::encode)
                            .filter(encoded -> encoded.length() <= LONGEST_VALUE)
                            .orElse(UNAVAILABLE));
        }
    }
}
