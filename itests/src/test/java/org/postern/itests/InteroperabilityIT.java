// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.postern.itests.Instance.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.peer.CertificateVariant;
import org.postern.peer.MailPeer;
import org.postern.peer.TestAuthority;

/**
 * Every mechanism against Postfix with Dovecot's SASL: under STARTTLS and implicit TLS, with the first response in the AUTH
 * command and after the go-ahead, and with accounts that hold what SASL, SMTP and configurations use as separators.
 */
@Timeout(180)
class InteroperabilityIT {

    /** Names and passwords; the token of an account is as visible ASCII as tokens are. */
    private record Account(String user, String password, String token) {}

    private static final List<Account> ACCOUNTS = List.of(
            new Account("alice", "wonderland", "eyJhbGciOiJIUzI1NiJ9.e30.alice-_~+/=="),
            new Account("a,b=c d%e'f\"g\\h@i;j", "p:w,=1 %2'3\"4\\5#6{7}@$", "ya29.separators"),
            new Account(
                    "j\u00fcrgen.\u5bc6\u7801",
                    "\u043f\u0430\u0440\u043e\u043b\u044c gr\u00fc\u00dfe \ud83d\udd11",
                    "x".repeat(2_000)));

    @TempDir
    private Path folder;

    @TempDir
    private static Path shared;

    private static MailPeer end;
    private static TokenInfo tokens;
    private static Postfix postfix;

    @BeforeAll
    static void start() throws Exception {
        Optional<String> obstacle = Postfix.obstacle();
        assumeTrue(obstacle.isEmpty(), () -> "SKIPPED, no real MTA: " + obstacle.orElseThrow());
        TestAuthority authority = TestAuthority.create();
        authority.writeRootPem(shared.resolve("ca.pem"));
        end = MailPeer.builder().start();
        tokens = TokenInfo.start(ACCOUNTS.stream().collect(Collectors.toMap(Account::token, Account::user)));
        postfix = Postfix.start(
                authority.issue(CertificateVariant.GOOD),
                ACCOUNTS.stream().collect(Collectors.toMap(Account::user, Account::password)),
                Optional.of(tokens.address()),
                end.port());
    }

    @AfterAll
    static void stop() throws Exception {
        if (postfix != null) {
            postfix.close();
        }
        if (tokens != null) {
            tokens.close();
        }
        if (end != null) {
            end.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256", "XOAUTH2", "OAUTHBEARER"})
    void everyAccountDeliversUnderBothKindsOfTlsWithAndWithoutAnInitialResponse(String mechanism) throws Exception {
        int loggedBefore = postfix.mailLog().size();
        StringBuilder domains = new StringBuilder();
        List<String> recipients = new ArrayList<>();
        for (int account = 0; account < ACCOUNTS.size(); account++) {
            for (boolean startTls : new boolean[] {true, false}) {
                for (String initial : List.of("always", "never")) {
                    String domain = String.join(
                            ".",
                            mechanism.toLowerCase(Locale.ROOT),
                            "account" + account,
                            startTls ? "starttls" : "implicit",
                            initial,
                            "example");
                    domains.append(domain(domain, mechanism, ACCOUNTS.get(account), startTls, initial));
                    recipients.add("x@" + domain);
                }
            }
        }
        try (RelayProcess relay = start(domains.toString())) {
            LoginDomain.send(relay, recipients);
            eventually(() -> arrivedFor(recipients) == recipients.size());
            assertThat(relay.said()).doesNotContain("refused AUTH");
        }
        assertThat(postfix.mailLog().stream().skip(loggedBefore).filter(line -> line.contains("sasl_method=")))
                .hasSize(recipients.size())
                .allMatch(line -> line.contains("sasl_method=" + mechanism + ","));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256", "XOAUTH2", "OAUTHBEARER"})
    void aWrongSecretIsRefusedOnceAndExplained(String mechanism) throws Exception {
        int loggedBefore = postfix.mailLog().size();
        String domain = mechanism.toLowerCase(Locale.ROOT) + ".wrong.example";
        Account wrong = new Account("alice", "looking glass", "ya29.expired");
        try (RelayProcess relay = start(domain(domain, mechanism, wrong, true, "auto"))) {
            LoginDomain.send(relay, List.of("x@" + domain, "y@" + domain));
            eventually(() -> relay.said().contains("refused AUTH: 535"));
            if (LoginDomain.takesTokens(mechanism)) {
                assertThat(relay.said()).contains("(status ");
            }
            assertThat(relay.said()).doesNotContain("looking glass", "ya29.expired");
        }
        // Postfix logs through a process of its own, so the line may come after the reply.
        eventually(() -> refusedLogins(loggedBefore) == 1);
        assertThat(arrivedFor(List.of("x@" + domain, "y@" + domain))).isZero();
    }

    private static long refusedLogins(int loggedBefore) {
        return postfix.mailLog().stream()
                .skip(loggedBefore)
                .filter(line -> line.contains("authentication failed"))
                .count();
    }

    private static long arrivedFor(List<String> recipients) {
        return end.messages().stream()
                .filter(message -> recipients.containsAll(message.recipients()))
                .count();
    }

    private RelayProcess start(String domains) throws IOException {
        Path configuration =
                Files.writeString(folder.resolve("postern.conf"), """
                ESMTP_Listener { Listen "127.0.0.1:0" {} }
                Spool_Local { }
                Auth_JDK { Mechanisms = ( "EXTERNAL" "CRAM-MD5" ) }
                TLS_CA = "%s"
                %s
                """.formatted(shared.resolve("ca.pem"), domains));
        return RelayProcess.start(configuration).ready();
    }

    private static String domain(String name, String mechanism, Account account, boolean startTls, String initial) {
        return new LoginDomain(
                        name,
                        startTls ? "smtp" : "smtps",
                        startTls ? postfix.port() : postfix.implicitTlsPort(),
                        mechanism,
                        account.user(),
                        LoginDomain.takesTokens(mechanism) ? account.token() : account.password(),
                        initial)
                .text();
    }
}
