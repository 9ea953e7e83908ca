// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.postern.credential.jdbc.AccountsFixture.password;
import static org.postern.credential.jdbc.AccountsFixture.unavailable;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.peer.CertificateRequest;
import org.postern.peer.TestAuthority;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.Lookup;
import org.postern.testkit.database.PostgresqlServer;

/** PostgreSQL under TLS, with a certificate for localhost and for no address. */
@Timeout(120)
class PostgresqlTlsTest {

    /** What protocol the connection itself is under, as the server sees it. */
    private static final String PROTOCOL =
            "SELECT version AS password FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND :key = 'relay'";

    private static final TestAuthority AUTHORITY = TestAuthority.create();
    private static Optional<PostgresqlServer> server = Optional.empty();

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(PostgresqlServer.isInstalled(), PostgresqlServer.MISSING);
        server = Optional.of(PostgresqlServer.create(AUTHORITY.issue(CertificateRequest.forNames("localhost"))));
    }

    @AfterAll
    static void stop() {
        server.ifPresent(PostgresqlServer::close);
    }

    private Lookup ask(String host, String mode, TestAuthority trusted) throws Exception {
        Path root = trusted.writeRootPem(folder.resolve("ca.pem"));
        String url = "jdbc:postgresql://" + host + ":" + server.orElseThrow().port() + "/postgres?sslmode=" + mode
                + "&sslrootcert=" + root;
        Map<String, Object> stanza = AccountsFixture.stanza(
                "tls", url, "user", PostgresqlServer.USER, "password_env", "DB_PASSWORD", "query", PROTOCOL);
        Accounts accounts = AccountsFixture.accounts(stanza, Map.of("DB_PASSWORD", PostgresqlServer.PASSWORD));
        try {
            return accounts.lookup(new CredentialRef("relay"), "relay");
        } finally {
            accounts.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"verify-full", "verify-ca", "require"})
    void readsUnderTls(String mode) throws Exception {
        assertThat(password(ask("localhost", mode, AUTHORITY))).startsWith("TLSv1.");
    }

    @Test
    void verifyFullRefusesACertificateForAnotherName() throws Exception {
        assertThat(unavailable(ask("127.0.0.1", "verify-full", AUTHORITY)))
                .contains("127.0.0.1")
                .contains("could not be verified")
                .doesNotContain(PostgresqlServer.PASSWORD);
        assertThat(password(ask("127.0.0.1", "verify-ca", AUTHORITY)))
                .as("the name is what it was refused for")
                .startsWith("TLSv1.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"verify-full", "verify-ca"})
    void refusesACertificateOfAnAuthorityThatIsNotTrusted(String mode) throws Exception {
        assertThat(unavailable(ask("localhost", mode, TestAuthority.create())))
                .contains("SSL error")
                .doesNotContain(PostgresqlServer.PASSWORD);
    }
}
