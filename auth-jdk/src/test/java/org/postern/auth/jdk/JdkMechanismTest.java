// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.jdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.sasl.AuthorizeCallback;
import javax.security.sasl.RealmCallback;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslException;
import javax.security.sasl.SaslServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.IdentityOnly;
import org.postern.spi.credential.Octets;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslMechanism;
import org.postern.spi.sasl.SaslStep;
import org.postern.spi.sasl.TlsEvidence;
import org.postern.testkit.Canaries;
import org.postern.testkit.FixedSaslContext;

/** A4-06, A4-19, A4-20, B-20: the mechanisms of the Java runtime, against its own servers. */
class JdkMechanismTest {

    private static final ExternalMechanism EXTERNAL =
            new ExternalMechanism(Profile.of(Profile.EXTERNAL, Map.of()), Jdk.origin(Profile.EXTERNAL));
    private static final String KRB5_CONF = "java.security.krb5.conf";

    /** A server of the Java runtime with one account. */
    private static SaslServer server(String mechanism, String qop, String password) throws SaslException {
        return Sasl.createSaslServer(
                mechanism,
                "smtp",
                "mx.example.test",
                Map.of(Sasl.QOP, qop, "com.sun.security.sasl.ntlm.domain", "PEER"),
                callbacks -> {
                    for (Callback callback : callbacks) {
                        switch (callback) {
                            case NameCallback name -> name.setName(name.getDefaultName());
                            case PasswordCallback asked -> asked.setPassword(password.toCharArray());
                            case RealmCallback realm -> realm.setText(realm.getDefaultText());
                            case AuthorizeCallback authorize -> authorize.setAuthorized(true);
                            default -> throw new IllegalStateException(callback.toString());
                        }
                    }
                });
    }

    /** Runs an exchange until the server is content, and returns what the exchange thinks of that. */
    private static SaslStep run(SaslMechanism mechanism, Credential credential, SaslServer server)
            throws SaslException {
        try (SaslExchange exchange = mechanism.open(FixedSaslContext.plain(), credential)) {
            byte[] said = exchange.initialResponse().map(Octets::toByteArray).orElse(new byte[0]);
            byte[] challenge = server.evaluateResponse(said);
            while (challenge != null) {
                switch (exchange.respond(Octets.copyOf(challenge))) {
                    case SaslStep.Respond respond
                    when server.isComplete() -> {
                        assertThat(respond.response()).isEqualTo(Octets.EMPTY);
                        challenge = null;
                    }
                    case SaslStep.Respond respond ->
                        challenge = server.evaluateResponse(respond.response().toByteArray());
                    case SaslStep.Abort abort -> {
                        return abort;
                    }
                    case SaslStep.Complete complete -> throw new AssertionError("complete in answer to a challenge");
                }
            }
            assertThat(server.isComplete()).isTrue();
            return exchange.conclude();
        }
    }

    @Test
    void answersAsTheStandardHasIt() {
        // RFC 2195 section 2.
        try (SaslExchange exchange = Jdk.mechanism(Profile.CRAM_MD5)
                .open(FixedSaslContext.plain(), Jdk.account("tim", "tanstaaftanstaaf"))) {
            assertThat(exchange.initialResponse()).isEmpty();
            assertThat(exchange.conclude()).isInstanceOf(SaslStep.Abort.class);
            assertThat(exchange.respond(Octets.utf8("<1896.697170952@postoffice.reston.mci.net>")))
                    .isEqualTo(new SaslStep.Respond(Octets.utf8("tim b913a602c7eda7a495b4e6e7334d3890")));
            assertThat(exchange.conclude()).isInstanceOf(SaslStep.Complete.class);
            assertThat(exchange.respond(Octets.utf8("again"))).isInstanceOf(SaslStep.Abort.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"CRAM-MD5", "DIGEST-MD5", "NTLM"})
    void convincesAServerAndNoneWithAnotherPassword(String name) throws Exception {
        SaslMechanism mechanism = Jdk.mechanism(name);
        Credential account = Jdk.account("alice", "wonder land:\\\",=%");
        assertThat(run(mechanism, account, server(name, "auth", "wonder land:\\\",=%")))
                .isInstanceOf(SaslStep.Complete.class);
        assertThatThrownBy(() -> run(mechanism, account, server(name, "auth", "looking glass")))
                .isInstanceOf(SaslException.class);
    }

    @ParameterizedTest
    @CsvSource({"CRAM-MD5, j\u00fcrgen, p\u00e4ss", "DIGEST-MD5, j\u00fcrgen, p\u00e4ss"})
    void carriesNamesAndPasswordsOutsideAscii(String name, String user, String password) throws Exception {
        SaslServer server = server(name, "auth", password);
        assertThat(run(Jdk.mechanism(name), Jdk.account(user, password), server))
                .isInstanceOf(SaslStep.Complete.class);
        assertThat(server.getAuthorizationID()).isEqualTo(user);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CRAM-MD5", "DIGEST-MD5", "NTLM"})
    void keepsThePasswordOutOfTheRuntimesOwnLogWhateverIsAskedOfIt(String name) throws Exception {
        StringBuffer said = new StringBuffer();
        Handler listener = new StreamHandler() {
            @Override
            public void publish(LogRecord line) {
                said.append(line.getMessage()).append(Arrays.toString(line.getParameters()));
            }
        };
        Logger runtime = Logger.getLogger("javax.security.sasl");
        runtime.addHandler(listener);
        runtime.setLevel(Level.ALL);
        try {
            run(Jdk.mechanism(name), Jdk.account("alice", "wonderland"), server(name, "auth", "wonderland"));
            new Canaries()
                    .watch("the password", "wonderland".getBytes(StandardCharsets.US_ASCII))
                    .assertAbsentFrom("the log of the Java runtime", said);
        } finally {
            runtime.removeHandler(listener);
        }
    }

    @Test
    void wantsProofFromAServerThatOwesIt() throws Exception {
        SaslServer server = server(Profile.DIGEST_MD5, "auth", "wonderland");
        try (SaslExchange exchange =
                Jdk.mechanism(Profile.DIGEST_MD5).open(FixedSaslContext.plain(), Jdk.account("alice", "wonderland"))) {
            exchange.initialResponse();
            exchange.respond(Octets.copyOf(server.evaluateResponse(new byte[0])));
            assertThat(exchange.conclude()).isInstanceOf(SaslStep.Abort.class);
            assertThat(exchange.respond(Octets.utf8("rspauth=00000000000000000000000000000000")))
                    .isInstanceOf(SaslStep.Abort.class);
            assertThat(exchange.conclude()).isInstanceOf(SaslStep.Abort.class);
        }
    }

    @Test
    void takesNoSecurityLayer() throws Exception {
        SaslServer layered = server(Profile.DIGEST_MD5, "auth-int,auth-conf", "wonderland");
        assertThat(run(Jdk.mechanism(Profile.DIGEST_MD5), Jdk.account("alice", "wonderland"), layered))
                .isInstanceOfSatisfying(
                        SaslStep.Abort.class,
                        abort -> assertThat(abort.reason()).startsWith("DIGEST-MD5 gave up: "));
        SaslServer both = server(Profile.DIGEST_MD5, "auth-conf,auth-int,auth", "wonderland");
        assertThat(run(Jdk.mechanism(Profile.DIGEST_MD5), Jdk.account("alice", "wonderland"), both))
                .isInstanceOf(SaslStep.Complete.class);
        assertThat(both.getNegotiatedProperty(Sasl.QOP)).isEqualTo("auth");
    }

    @Test
    void sendsTheDomainOfAWindowsAccountWhereItBelongs() throws Exception {
        SaslServer server = server(Profile.NTLM, "auth", "wonderland");
        assertThat(run(Jdk.mechanism(Profile.NTLM), Jdk.account("PEER\\alice", "wonderland"), server))
                .isInstanceOf(SaslStep.Complete.class);
        assertThat(server.getAuthorizationID()).isEqualTo("alice");
    }

    @Test
    void survivesWhateverANtlmServerSays() {
        Random random = new Random(20);
        byte[] signature = {'N', 'T', 'L', 'M', 'S', 'S', 'P', 0, 2, 0, 0, 0};
        for (int i = 0; i < 5_000; i++) {
            byte[] message = new byte[random.nextInt(200)];
            random.nextBytes(message);
            System.arraycopy(signature, 0, message, 0, Math.min(signature.length, message.length));
            try (SaslExchange exchange =
                    Jdk.mechanism(Profile.NTLM).open(FixedSaslContext.plain(), Jdk.account("alice", "wonderland"))) {
                exchange.initialResponse();
                assertThat(exchange.respond(Octets.wrap(message)))
                        .isInstanceOfAny(SaslStep.Respond.class, SaslStep.Abort.class);
            }
        }
    }

    @Test
    void sendsNothingOrTheNameWhereTheCertificateSpeaks() {
        assertThat(first(Jdk.withCertificate(), "")).hasValue(Octets.EMPTY);
        assertThat(first(Jdk.withCertificate(), "relay")).hasValue(Octets.utf8("relay"));
        assertThat(first(Jdk.withCertificate().actingFor("shared"), "relay")).hasValue(Octets.utf8("shared"));
    }

    @Test
    void isNotExternalWithoutACertificateOnTheWire() {
        TlsEvidence anonymous = new TlsEvidence("TLSv1.3", "TLS_AES_128_GCM_SHA256", List.of(), true, "verified");
        assertThat(EXTERNAL.canBind(anonymous)).isFalse();
        for (FixedSaslContext context :
                List.of(FixedSaslContext.plain(), FixedSaslContext.plain().under(anonymous))) {
            assertThatThrownBy(() -> first(context, "relay"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("TLS_Certificate");
        }
        assertThat(EXTERNAL.canBind(Jdk.withCertificate().tls().orElseThrow())).isTrue();
    }

    private static Optional<Octets> first(FixedSaslContext context, String user) {
        try (SaslExchange exchange = EXTERNAL.open(context, new IdentityOnly(user))) {
            Optional<Octets> said = exchange.initialResponse();
            assertThat(exchange.conclude()).isInstanceOf(SaslStep.Complete.class);
            return said;
        }
    }

    @Test
    void refusesWhatItCannotCarry() {
        assertThatThrownBy(() -> Jdk.mechanism(Profile.CRAM_MD5)
                        .open(FixedSaslContext.plain().actingFor("boss"), Jdk.account("alice", "x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("authorization identity");
        assertThatThrownBy(
                        () -> Jdk.mechanism(Profile.CRAM_MD5).open(FixedSaslContext.plain(), new IdentityOnly("alice")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Jdk.mechanism(Profile.EXTERNAL)
                        .open(FixedSaslContext.plain().actingFor("a\0b"), new IdentityOnly("alice")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void saysWhyKerberosDidNotWork(@TempDir Path folder) throws Exception {
        Path configuration = Files.writeString(folder.resolve("krb5.conf"), """
                [libdefaults]
                  default_realm = NOWHERE.TEST
                  dns_lookup_kdc = false
                  udp_preference_limit = 1
                [realms]
                  NOWHERE.TEST = {
                    kdc = 127.0.0.1:1
                  }
                """);
        System.setProperty(KRB5_CONF, configuration.toString());
        try (SaslExchange exchange =
                Jdk.mechanism(Profile.GSSAPI).open(FixedSaslContext.plain(), Jdk.account("nobody@NOWHERE.TEST", "x"))) {
            assertThat(exchange.initialResponse()).isEmpty();
            assertThat(exchange.respond(Octets.EMPTY))
                    .isInstanceOfSatisfying(
                            SaslStep.Abort.class,
                            abort -> assertThat(abort.reason())
                                    .startsWith("GSSAPI gave up: ")
                                    .contains("refused"));
        } finally {
            System.clearProperty(KRB5_CONF);
        }
    }
}
