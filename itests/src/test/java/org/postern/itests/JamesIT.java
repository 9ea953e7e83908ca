// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.itests.Instance.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.peer.CertificateVariant;
import org.postern.peer.TestAuthority;

/** Delivery to a server that nobody here wrote: Apache James's protocol library, whose go-ahead to PLAIN is no base64. */
@Timeout(180)
class JamesIT {

    /** In James, names of users are in lower case. */
    private static final Map<String, String> PASSWORDS = Map.of(
            "alice", "wonderland",
            "a,b:c=d %e'f\"g\\h", "p:w,=1 %2'3\"4\\5#6{7}@$",
            "j\u00fcrgen.\u5bc6\u7801", "\u043f\u0430\u0440\u043e\u043b\u044c gr\u00fc\u00dfe \ud83d\udd11");

    /** James 3.8 reads tokens with XOAUTH2 only, in ASCII: it looks for the user of OAUTHBEARER where RFC 7628 has none. */
    private static final Map<String, String> TOKENS =
            Map.of("tony", "ya29.a-b_c.d~e+f/g==", "t:o%n;y's t\"o\\y", "eyJhbGciOiJIUzI1NiJ9.e30.s");

    @TempDir
    private Path folder;

    @TempDir
    private static Path shared;

    private static James james;

    @BeforeAll
    static void start() throws Exception {
        TestAuthority authority = TestAuthority.create();
        authority.writeRootPem(shared.resolve("ca.pem"));
        Map<String, String> secrets = new HashMap<>(PASSWORDS);
        secrets.putAll(TOKENS);
        james = new James(authority.issue(CertificateVariant.GOOD), secrets);
    }

    @AfterAll
    static void stop() {
        if (james != null) {
            james.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "LOGIN", "XOAUTH2"})
    void everyAccountDeliversUnderBothKindsOfTls(String mechanism) throws Exception {
        boolean token = LoginDomain.takesTokens(mechanism);
        StringBuilder domains = new StringBuilder();
        List<String> recipients = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        (token ? TOKENS : PASSWORDS).forEach((user, secret) -> {
            for (String scheme : List.of("smtp", "smtps")) {
                // James takes tokens with the AUTH command only.
                for (String initial : token ? List.of("always") : List.of("always", "never")) {
                    String domain = "n" + recipients.size() + "." + mechanism.toLowerCase(Locale.ROOT) + ".example";
                    int port = scheme.equals("smtp") ? james.port() : james.implicitTlsPort();
                    domains.append(new LoginDomain(domain, scheme, port, mechanism, user, secret, initial).text());
                    recipients.add("x@" + domain);
                    expected.add(user + " x@" + domain);
                }
            }
        });
        try (RelayProcess relay = start(domains.toString())) {
            LoginDomain.send(relay, recipients);
            eventually(() -> james.received().containsAll(expected));
            assertThat(relay.said()).doesNotContain("refused AUTH");
        }
    }

    @Test
    void anExpiredTokenIsRefusedOnceAndExplained() throws Exception {
        for (String mechanism : List.of("XOAUTH2", "OAUTHBEARER")) {
            String domain = mechanism.toLowerCase(Locale.ROOT) + ".expired.example";
            LoginDomain expired =
                    new LoginDomain(domain, "smtp", james.port(), mechanism, "tony", "ya29.expired", "auto");
            try (RelayProcess relay = start(expired.text())) {
                LoginDomain.send(relay, List.of("x@" + domain));
                eventually(() -> relay.said().contains("refused AUTH: 535"));
                assertThat(relay.said())
                        .contains("(status invalid_token, scope mail")
                        .doesNotContain("ya29.expired");
            }
        }
    }

    private RelayProcess start(String domains) throws IOException {
        Path configuration =
                Files.writeString(folder.resolve("postern.conf"), """
                ESMTP_Listener { Listen "127.0.0.1:0" {} }
                Spool_Local { }
                TLS_CA = "%s"
                %s
                """.formatted(shared.resolve("ca.pem"), domains));
        return RelayProcess.start(configuration).ready();
    }
}
