// SPDX-License-Identifier: Apache-2.0
package org.postern.core.auth;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.core.auth.DisclosureGuard.Verdict.Permit;
import org.postern.core.auth.DisclosureGuard.Verdict.Refusal;
import org.postern.spi.credential.Credential;
import org.postern.spi.sasl.TlsEvidence;
import org.slf4j.LoggerFactory;

class DisclosureGuardTest {

    private static final InstalledMechanism PLAIN =
            new InstalledMechanism("PLAIN", 1, true, Set.of("password"), "test", 1);
    private static final InstalledMechanism SCRAM =
            new InstalledMechanism("SCRAM-SHA-256", 1, false, Set.of("password"), "test", 2);
    private static final Auths AUTH = Auths.NOTHING.user("alice").password("canary-1618");

    private final DisclosureGuard guard = new DisclosureGuard();
    private final Logger logger = (Logger) LoggerFactory.getLogger(DisclosureGuard.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private Credential credential = Auths.credential("alice", "canary-1618");

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
    }

    @ParameterizedTest
    @CsvSource({
        // tls, address, unverified allowed, cleartext allowed, permitted
        "verified,   192.0.2.1, false, false, true",
        "unverified, 192.0.2.1, false, false, false",
        "unverified, 192.0.2.1, true,  false, true",
        "unverified, 192.0.2.1, false, true,  true",
        "none,       192.0.2.1, false, false, false",
        "none,       192.0.2.1, true,  false, false",
        "none,       192.0.2.1, false, true,  true",
        "none,       127.0.0.1, false, false, true",
        "none,       127.8.9.1, false, false, true",
        "none,       ::1,       false, false, true",
        "none,       10.0.0.1,  false, false, false",
        "unverified, 127.0.0.1, false, false, true",
    })
    void permitsOnlySafePathsAndExplicitExceptions(
            String tls, String address, boolean unverified, boolean cleartext, boolean permitted) throws Exception {
        Auths auth = unverified ? AUTH.allowUnverified() : AUTH;
        auth = cleartext ? auth.allowCleartext() : auth;
        assertThat(guard.judge(PLAIN, credential, auth.resolved(), channel("mx.example", address, tls)))
                .isInstanceOf(permitted ? Permit.class : Refusal.class);
    }

    @Test
    void letsMechanismsThatRevealNothingUseAnyPath() throws Exception {
        assertThat(guard.judge(SCRAM, credential, AUTH.resolved(), channel("mx.example", "192.0.2.1", "none")))
                .isInstanceOf(Permit.class);
    }

    @Test
    void showsABoundCredentialToItsHostsOnlyByWhateverMechanismAndPath() throws Exception {
        credential = Auths.credential("alice", "canary-1618", "Smtp.Example");
        assertThat(guard.judge(PLAIN, credential, AUTH.resolved(), channel("SMTP.example.", "192.0.2.1", "verified")))
                .isInstanceOf(Permit.class);
        for (InstalledMechanism mechanism : List.of(PLAIN, SCRAM)) {
            for (String host : List.of("evil.example", "smtp.example.evil.test", "sub.smtp.example")) {
                assertThat(guard.judge(
                                mechanism,
                                credential,
                                AUTH.allowCleartext().resolved(),
                                channel(host, "127.0.0.1", "verified")))
                        .isEqualTo(new Refusal("the credential may be shown to smtp.example only, not to " + host));
            }
        }
    }

    @Test
    void namesDangerOptionAndScopeAndNoSecret() throws Exception {
        Refusal clear = refusal("none");
        assertThat(clear.reason())
                .contains("not under TLS", "Outbound_SMTP_AUTH_Allow_Cleartext", "Pass at postern.conf:3")
                .doesNotContain("canary");
        Refusal unverified = refusal("unverified");
        assertThat(unverified.reason())
                .contains("mx.example:587 is not verified: self-signed", "Outbound_SMTP_AUTH_Allow_Unverified_TLS")
                .doesNotContain("canary");
    }

    @Test
    void logsAnExceptionOncePerEndpointAndASafePathNever() throws Exception {
        for (int i = 0; i < 3; i++) {
            guard.judge(PLAIN, credential, AUTH.allowCleartext().resolved(), channel("a.example", "192.0.2.1", "none"));
        }
        guard.judge(PLAIN, credential, AUTH.allowCleartext().resolved(), channel("b.example", "192.0.2.1", "none"));
        guard.judge(PLAIN, credential, AUTH.allowCleartext().resolved(), channel("c.example", "127.0.0.1", "none"));
        guard.consider(PLAIN, credential, AUTH.allowCleartext().resolved(), channel("d.example", "192.0.2.1", "none"));
        assertThat(log.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.WARN, Level.WARN);
        assertThat(log.list.getFirst().getFormattedMessage())
                .contains("Outbound_SMTP_AUTH_Allow_Cleartext", "a.example:587")
                .doesNotContain("canary");
    }

    private Refusal refusal(String tls) throws Exception {
        return (Refusal) guard.judge(PLAIN, credential, AUTH.resolved(), channel("mx.example", "192.0.2.1", tls));
    }

    private static Channel channel(String host, String address, String tls) throws Exception {
        boolean verified = tls.equals("verified");
        Optional<TlsEvidence> evidence = Optional.of(new TlsEvidence(
                "TLSv1.3", "TLS_AES_128_GCM_SHA256", List.of(), verified, verified ? "ok" : "self-signed"));
        // An address in digits: no name is looked up.
        return new Channel(
                new Endpoint(host, 587),
                InetAddress.getByName(address),
                tls.equals("none") ? Optional.empty() : evidence);
    }
}
