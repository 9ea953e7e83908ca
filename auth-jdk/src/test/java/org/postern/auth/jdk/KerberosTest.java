// SPDX-License-Identifier: Apache-2.0
package org.postern.auth.jdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.LoginContext;
import javax.security.sasl.AuthorizeCallback;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.credential.Credential;
import org.postern.spi.credential.IdentityOnly;
import org.postern.spi.credential.Octets;
import org.postern.spi.sasl.SaslExchange;
import org.postern.spi.sasl.SaslStep;
import org.postern.testkit.FixedSaslContext;

/** GSSAPI with a key distribution centre that nobody here wrote: MIT's, on a port of 127.0.0.1. */
@Timeout(120)
class KerberosTest {

    @TempDir
    private static Path folder;

    private static KeyDistributionCentre centre;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(
                KeyDistributionCentre.isInstalled(),
                "SKIPPED, no Kerberos: apt-get install krb5-kdc krb5-admin-server");
        centre = KeyDistributionCentre.start(folder);
        centre.principal("alice@POSTERN.TEST", "wonder land");
        centre.keytab("smtp/mx.example.test@POSTERN.TEST", "smtp.keytab");
        centre.keytab("postern@POSTERN.TEST", "client.keytab");
        System.setProperty("java.security.krb5.conf", centre.configuration().toString());
    }

    @AfterAll
    static void stop() {
        System.clearProperty("java.security.krb5.conf");
        if (centre != null) {
            centre.close();
        }
    }

    @Test
    void authenticatesWithUserAndPassword() throws Exception {
        assertThat(authenticated(Optional.empty(), Jdk.account("alice@POSTERN.TEST", "wonder land")))
                .isEqualTo("alice@POSTERN.TEST");
    }

    @Test
    void authenticatesWithAKeytabAndNoPassword() throws Exception {
        assertThat(authenticated(
                        Optional.of(folder.resolve("client.keytab").toString()),
                        new IdentityOnly("postern@POSTERN.TEST")))
                .isEqualTo("postern@POSTERN.TEST");
    }

    @Test
    void tellsAWrongPasswordFromAServiceThatIsNotKnown() {
        assertThat(failure("mx.example.test", Jdk.account("alice@POSTERN.TEST", "looking glass")))
                .startsWith("GSSAPI gave up: ")
                .containsIgnoringCase("checksum");
        assertThat(failure("other.example.test", Jdk.account("alice@POSTERN.TEST", "wonder land")))
                .containsIgnoringCase("not found in Kerberos database");
    }

    private static String failure(String host, Credential credential) {
        try (SaslExchange exchange =
                mechanism(Optional.empty()).open(FixedSaslContext.plain().with(host, 587), credential)) {
            assertThat(exchange.initialResponse()).isEmpty();
            return ((SaslStep.Abort) exchange.respond(Octets.EMPTY)).reason();
        }
    }

    private static JdkMechanism mechanism(Optional<String> keytab) {
        return new JdkMechanism(Profile.of(Profile.GSSAPI, Map.of()), Jdk.origin(Profile.GSSAPI), keytab);
    }

    /** Runs an exchange with a server of the Java runtime, and returns whom that takes the client for. */
    private static String authenticated(Optional<String> keytab, Credential credential) throws Exception {
        LoginContext login = new LoginContext("smtp", new Subject(), null, acceptor());
        login.login();
        try (SaslExchange exchange = mechanism(keytab).open(FixedSaslContext.plain(), credential)) {
            SaslServer server = Subject.callAs(
                    login.getSubject(),
                    () -> Sasl.createSaslServer(
                            "GSSAPI", "smtp", "mx.example.test", Map.of(Sasl.QOP, "auth"), KerberosTest::allow));
            byte[] said = exchange.initialResponse().orElseThrow().toByteArray();
            while (!server.isComplete()) {
                byte[] heard = said;
                byte[] challenge = Subject.callAs(login.getSubject(), () -> server.evaluateResponse(heard));
                if (challenge != null) {
                    said = ((SaslStep.Respond) exchange.respond(Octets.copyOf(challenge)))
                            .response()
                            .toByteArray();
                }
            }
            assertThat(exchange.conclude()).isInstanceOf(SaslStep.Complete.class);
            return server.getAuthorizationID();
        } finally {
            login.logout();
        }
    }

    private static void allow(Callback[] callbacks) {
        for (Callback callback : callbacks) {
            if (callback instanceof AuthorizeCallback authorize) {
                authorize.setAuthorized(true);
            }
        }
    }

    private static Configuration acceptor() {
        AppConfigurationEntry entry = new AppConfigurationEntry(
                "com.sun.security.auth.module.Krb5LoginModule",
                LoginModuleControlFlag.REQUIRED,
                Map.of(
                        "useKeyTab", "true",
                        "keyTab", folder.resolve("smtp.keytab").toString(),
                        "principal", "smtp/mx.example.test@POSTERN.TEST",
                        "storeKey", "true",
                        "isInitiator", "false",
                        "doNotPrompt", "true"));
        return new Configuration() {
            @Override
            public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
                return new AppConfigurationEntry[] {entry};
            }
        };
    }
}
