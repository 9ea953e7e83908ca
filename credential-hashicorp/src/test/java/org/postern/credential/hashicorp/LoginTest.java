// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.credential.hashicorp.StandInVault.Answer;
import org.postern.peer.CertificateRequest;
import org.postern.peer.ServerCertificate;
import org.postern.peer.TestAuthority;
import org.postern.spi.credential.CredentialRef;

/** The ways to log in, and what each says when it does not work. */
class LoginTest {

    @TempDir
    Path folder;

    private static Fixture filled(Fixture fixture) {
        fixture.vault.put("relay", Map.of("user", "alice", "password", "first"));
        return fixture;
    }

    @Test
    void usesATokenFromAFileOfItsOwner() throws Exception {
        try (Fixture fixture = filled(Fixture.withToken(folder))) {
            fixture.stanza.remove("token_env");
            fixture.file("token", fixture.vault.rootToken() + "\n");
            fixture.set("Token_File", "token");
            assertThat(fixture.answer("relay")).isEqualTo("alice:first");
        }
    }

    @Test
    void refusesATokenFileThatOthersCanRead() throws Exception {
        try (Fixture fixture = filled(Fixture.withToken(folder))) {
            fixture.stanza.remove("token_env");
            Path file = fixture.file("token", fixture.vault.rootToken());
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
            fixture.set("Token_File", "token");
            assertThat(fixture.answer("relay"))
                    .startsWith("unavailable: cannot log in: file ")
                    .contains("is open to others than its owner (rw-r--r--): chmod 600 " + file);
        }
    }

    @Test
    void takesATokenThatAnAgentReplacedOnceTheOldOneIsRefused() throws Exception {
        try (Fixture fixture = filled(Fixture.withToken(folder))) {
            fixture.stanza.remove("token_env");
            fixture.file("token", fixture.vault.rootToken());
            fixture.set("Token_File", "token");
            assertThat(fixture.answer("relay")).isEqualTo("alice:first");
            fixture.vault.revokeAllTokens();
            fixture.file("token", fixture.vault.rootToken());
            assertThat(fixture.answer("relay")).isEqualTo("alice:first");
        }
    }

    @Test
    void usesATokenThatSystemdHandsOver() throws Exception {
        try (Fixture fixture = filled(Fixture.withToken(folder))) {
            fixture.stanza.remove("token_env");
            fixture.file("vault-token", fixture.vault.rootToken());
            fixture.environment.put("CREDENTIALS_DIRECTORY", folder.toString());
            fixture.set("Token_Credential", "vault-token");
            assertThat(fixture.answer("relay")).isEqualTo("alice:first");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n", "two words", "line\nline", "grün", "zero\0inside"})
    void refusesWhatCannotBeATokenWithoutShowingIt(String content) throws Exception {
        try (Fixture fixture = filled(Fixture.withToken(folder))) {
            fixture.environment.put("TOKEN", content);
            assertThat(fixture.answer("relay"))
                    .startsWith("unavailable: cannot log in: environment variable TOKEN ")
                    .doesNotContain("words", "line\nline", "grün", "zero");
        }
    }

    @Test
    void saysThatTheVariableIsNotSet() throws Exception {
        try (Fixture fixture = filled(Fixture.withToken(folder))) {
            fixture.environment.clear();
            assertThat(fixture.answer("relay"))
                    .startsWith("unavailable: cannot log in: environment variable TOKEN is not set; tried again at");
        }
    }

    @Test
    void saysWhatTheServerSaidToAWrongSecretId() throws Exception {
        try (Fixture fixture = filled(Fixture.withAppRole(folder))) {
            fixture.environment.put("SECRET_ID", "wrong");
            assertThat(fixture.answer("relay"))
                    .startsWith(
                            "unavailable: AppRole login at auth/approle is refused (400): invalid role or secret ID")
                    .contains("tried again at");
            for (int i = 0; i < 1000; i++) {
                fixture.answer("relay");
            }
            assertThat(fixture.vault.requestsOf("POST auth/approle/login")).isEqualTo(1);
            fixture.environment.put("SECRET_ID", fixture.vault.secretId);
            fixture.pass(Duration.ofSeconds(3), Duration.ofSeconds(1));
            fixture.eventually(() -> assertThat(fixture.news).containsExactly("relay"));
            assertThat(fixture.answer("relay")).isEqualTo("alice:first");
        }
    }

    @Test
    void logsInAsAServiceAccountOfKubernetes() throws Exception {
        try (Fixture fixture = filled(Fixture.withToken(folder))) {
            fixture.stanza.remove("token_env");
            Path jwt = fixture.file("jwt", fixture.vault.jwt);
            Files.setPosixFilePermissions(jwt, PosixFilePermissions.fromString("rw-r--r--"));
            fixture.set("Auth", "kubernetes").set("Role", "postern").set("Jwt_File", "jwt");
            assertThat(fixture.answer("relay")).isEqualTo("alice:first");
            assertThat(fixture.vault.requestsOf("POST auth/kubernetes/login")).isEqualTo(1);
        }
    }

    @Test
    void readsTheJwtAnewForEachLogin() throws Exception {
        try (Fixture fixture = filled(Fixture.withToken(folder))) {
            fixture.stanza.remove("token_env");
            fixture.file("jwt", fixture.vault.jwt);
            fixture.set("Auth", "jwt").set("Role", "postern").set("Jwt_File", "jwt");
            assertThat(fixture.answer("relay")).isEqualTo("alice:first");
            fixture.vault.jwt = "another.one.signed";
            fixture.file("jwt", fixture.vault.jwt);
            fixture.vault.revokeAllTokens();
            assertThat(fixture.answer("relay")).isEqualTo("alice:first");
        }
    }

    @Test
    void opensAWrappedSecretIdOnceAndDeletesItsFile() throws Exception {
        try (Fixture fixture = filled(Fixture.withAppRole(folder))) {
            fixture.stanza.remove("secret_id_env");
            Path file = fixture.file("wrapped", fixture.vault.wrappedSecretId());
            fixture.set("Secret_Id_File", "wrapped").set("Wrapped", "true");
            assertThat(fixture.answer("relay")).isEqualTo("alice:first");
            assertThat(file).doesNotExist();
            fixture.vault.revokeAllTokens();
            assertThat(fixture.answer("relay"))
                    .as("what was inside is good for more than one login")
                    .isEqualTo("alice:first");
        }
    }

    @Test
    void opensAWrappedToken() throws Exception {
        try (Fixture fixture = filled(Fixture.withToken(folder))) {
            fixture.stanza.remove("token_env");
            Path file = fixture.file("wrapped", fixture.vault.wrappedToken());
            fixture.set("Token_File", "wrapped").set("Wrapped", "true");
            assertThat(fixture.answer("relay")).isEqualTo("alice:first");
            assertThat(file).doesNotExist();
        }
    }

    @Test
    void saysThatSomebodyElseHasOpenedAWrappingToken() throws Exception {
        try (Fixture fixture = filled(Fixture.withAppRole(folder))) {
            fixture.environment.put("SECRET_ID", "hvs.opened-already");
            fixture.set("Wrapped", "true");
            assertThat(fixture.answer("relay"))
                    .contains("the wrapping token in environment variable SECRET_ID is not good")
                    .contains("somebody else has used it")
                    .doesNotContain("hvs.opened");
        }
    }

    @Test
    void opensNoWrappingTokenThatWasMadeElsewhere() throws Exception {
        try (Fixture fixture = filled(Fixture.withAppRole(folder))) {
            JsonObject data = new JsonObject();
            data.addProperty("secret_id", fixture.vault.secretId);
            JsonObject inside = new JsonObject();
            inside.add("data", data);
            fixture.environment.put("SECRET_ID", fixture.vault.wrapped("sys/wrapping/wrap", inside));
            fixture.set("Wrapped", "true");
            assertThat(fixture.answer("relay")).contains("was made at sys/wrapping/wrap and not at auth/approle/role/");
            assertThat(fixture.vault.requestsOf("POST sys/wrapping/unwrap")).isZero();
        }
    }

    @Test
    void takesNoTokenThatWouldEndAHeader() throws Exception {
        try (Fixture fixture = filled(Fixture.withAppRole(folder))) {
            fixture.vault.fault = request -> request.endsWith("/login")
                    ? Optional.of(Answer.of(200, "{\"auth\":{\"client_token\":\"hvs.x\\r\\nX-Evil: 1\"}}"))
                    : Optional.empty();
            assertThat(fixture.answer("relay"))
                    .startsWith("unavailable: AppRole login at auth/approle brings no token that can be used")
                    .doesNotContain("hvs.x");
        }
    }

    @Test
    void makesAllRequestsInItsNamespace() throws Exception {
        try (Fixture fixture = filled(Fixture.withAppRole(folder))) {
            fixture.set("Namespace", "team/mail");
            assertThat(fixture.answer("relay")).isEqualTo("alice:first");
            assertThat(fixture.vault.namespaces())
                    .hasSameSizeAs(fixture.vault.requests())
                    .containsOnly("team/mail");
        }
    }

    @Test
    void logsInWithAClientCertificateAndTakesANewOneWhenItsFilesChange() throws Exception {
        TestAuthority authority = TestAuthority.create();
        ServerCertificate first = authority.issue(CertificateRequest.forNames("relay.test"));
        ServerCertificate second = authority.issue(CertificateRequest.forNames("relay.test"));
        Path pem = first.writePem(folder.resolve("relay.pem"));
        try (StandInVault vault = StandInVault.secured(Clock.systemUTC(), authority)) {
            vault.put("relay", Map.of("user", "alice", "password", "first"));
            vault.clientCertificate = Optional.of(first.chain().getFirst());
            Map<String, Object> stanza = new HashMap<>();
            stanza.put("address", vault.address());
            stanza.put(
                    "ca_file", authority.writeRootPem(folder.resolve("ca.pem")).toString());
            stanza.put("auth", "cert");
            stanza.put("client_certificate_file", pem.toString());
            stanza.put("client_key_file", pem.toString());
            HashicorpStore store = new HashicorpStore(stanza, Map.of(), Clock.systemUTC(), Optional.empty());
            try {
                CredentialRef ref = new CredentialRef("secret/relay");
                assertThat(Fixture.shown(store.lookup(ref))).isEqualTo("alice:first");
                second.writePem(pem);
                vault.clientCertificate = Optional.of(second.chain().getFirst());
                vault.revokeAllTokens();
                assertThat(Fixture.shown(store.lookup(ref))).isEqualTo("alice:first");
            } finally {
                store.close();
            }
        }
    }

    @Test
    void saysNothingToAServerWhoseCertificateIsNotTrusted() throws Exception {
        TestAuthority authority = TestAuthority.create();
        try (StandInVault vault = StandInVault.secured(Clock.systemUTC(), authority)) {
            Map<String, Object> stanza = new HashMap<>();
            stanza.put("address", vault.address());
            stanza.put("token_env", "TOKEN");
            Map<String, String> environment = Map.of("TOKEN", vault.rootToken());
            HashicorpStore javasOwn = new HashicorpStore(stanza, environment, Clock.systemUTC(), Optional.empty());
            stanza.put(
                    "ca_file",
                    TestAuthority.create()
                            .writeRootPem(folder.resolve("other.pem"))
                            .toString());
            HashicorpStore anothers = new HashicorpStore(stanza, environment, Clock.systemUTC(), Optional.empty());
            stanza.put(
                    "ca_file", authority.writeRootPem(folder.resolve("ca.pem")).toString());
            stanza.put("address", vault.address().replace("localhost", "127.0.0.2"));
            HashicorpStore anotherName = new HashicorpStore(stanza, environment, Clock.systemUTC(), Optional.empty());
            try {
                for (HashicorpStore store : new HashicorpStore[] {javasOwn, anothers}) {
                    assertThat(Fixture.shown(store.lookup(new CredentialRef("secret/relay"))))
                            .startsWith("unavailable: " + vault.address() + " fails in TLS: ");
                }
                assertThat(Fixture.shown(anotherName.lookup(new CredentialRef("secret/relay"))))
                        .startsWith("unavailable: https://127.0.0.2");
                assertThat(vault.requests()).isEmpty();
            } finally {
                javasOwn.close();
                anothers.close();
                anotherName.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no certificate", "-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n"})
    void saysWhichCertificateFileIsNoGood(String content) throws Exception {
        try (Fixture fixture = filled(Fixture.withToken(folder))) {
            fixture.file("ca.pem", content);
            fixture.set("CA_File", "ca.pem").set("Address", "https://localhost:1");
            assertThat(fixture.answer("relay"))
                    .startsWith("unavailable: https://localhost:1 is not asked, because CA_File "
                            + folder.resolve("ca.pem"));
        }
    }

    @Test
    void neverQuotesAKeyThatItCannotRead() throws Exception {
        try (Fixture fixture = filled(Fixture.withToken(folder))) {
            TestAuthority authority = TestAuthority.create();
            Path pem =
                    authority.issue(CertificateRequest.forNames("relay.test")).writePem(folder.resolve("relay.pem"));
            fixture.file("key.pem", "-----BEGIN PRIVATE KEY-----\nc2VjcmV0!!secret\n-----END PRIVATE KEY-----\n");
            fixture.set("Client_Certificate_File", pem.toString())
                    .set("Client_Key_File", "key.pem")
                    .set("Address", "https://localhost:1");
            assertThat(fixture.answer("relay"))
                    .contains("because Client_Key_File " + folder.resolve("key.pem") + " has not a key in PKCS #8")
                    .doesNotContain("c2Vj", "!!secret");
        }
    }
}
