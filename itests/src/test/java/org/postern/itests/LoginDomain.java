// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * A {@code Domain} stanza that authenticates.
 *
 * @param scheme {@code smtp} or {@code smtps}
 * @param secret password or token
 * @param initial when the AUTH command carries the first response
 */
record LoginDomain(String name, String scheme, int port, String mechanism, String user, String secret, String initial) {

    static boolean takesTokens(String mechanism) {
        return Set.of("XOAUTH2", "OAUTHBEARER").contains(mechanism);
    }

    String text() {
        return """
                Domain "%s" {
                  Routes = ( "%s://localhost:%d" )
                  TLS = "required"
                  TLS_Verify = "host"
                  Outbound_SMTP_AUTH_Initial_Response = "%s"
                  Outbound_SMTP_AUTH_Type = "%s"
                  Outbound_SMTP_AUTH_User = "%s"
                  Outbound_SMTP_AUTH_Pass = "%s"
                }
                """.formatted(name, scheme, port, initial, mechanism, quoted(user), quoted(secret));
    }

    private static String quoted(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    /** Hands in one message for each. */
    static void send(RelayProcess relay, List<String> recipients) throws IOException {
        byte[] message = "Subject: hello\r\n\r\nbody\r\n".getBytes(US_ASCII);
        try (Courier courier = new Courier(relay.port())) {
            for (String recipient : recipients) {
                courier.send("sender@example.org", List.of(recipient), message);
            }
        }
    }
}
