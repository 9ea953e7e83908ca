// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.SignedJWT;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.credential.oauth.command.Commands;
import org.postern.credential.oauth.protocol.StaticPages;
import org.postern.spi.command.OperatorCommand;
import org.postern.spi.credential.BearerToken;
import org.postern.spi.credential.CredentialListener;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.CredentialVersion;
import org.postern.spi.credential.Lookup;
import org.postern.testkit.InMemoryRegisters;

/** The whole store against an OpenID provider that nobody here wrote. */
@Timeout(120)
class RealProviderTest {

    @TempDir
    static Path directory;

    private static StaticPages pages;
    private static RSAKey signer;
    private static SpringProvider provider;

    private final FakeStores stores = new FakeStores();
    private final Map<String, Object> properties = new HashMap<>();
    private final SecretChanges changes = new SecretChanges();
    private OAuthStore store;

    @BeforeAll
    static void start() throws Exception {
        signer = new RSAKeyGenerator(2048).keyID("signer").generate();
        pages = new StaticPages("/keys", new JWKSet(signer.toPublicJWK()).toString());
        provider = new SpringProvider(directory, pages.at("/keys"));
    }

    @AfterAll
    static void stop() throws Exception {
        provider.close();
        pages.close();
    }

    @BeforeEach
    void describe() throws Exception {
        properties.put("account", new String[] {"application", "signer", "alice"});
        account("application", "application", "client_credentials");
        properties.put("account/application/client_secret_key", "application/secret");
        account("signer", "signer", "client_credentials");
        properties.put("account/signer/signing_key", "signing key");
        account("alice", "person", "refresh_token");
        properties.put("account/alice/client_secret_key", "alice/secret");
        stores.put("application/secret", SpringProvider.secretOf("application"));
        stores.put("alice/secret", SpringProvider.secretOf("person"));
        stores.put(
                "signing key",
                Base64.getEncoder().encodeToString(signer.toPrivateKey().getEncoded()));
        store = new OAuthStore(properties, stores, changes);
    }

    private void account(String name, String client, String grant) {
        properties.put("account/" + name + "/issuer", provider.issuer());
        properties.put("account/" + name + "/client_id", client);
        properties.put("account/" + name + "/grant", grant);
        properties.put("account/" + name + "/user", name + "@example.test");
        properties.put("account/" + name + "/scope", new String[] {SpringProvider.SCOPE});
    }

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    @Test
    void obtainsATokenForAnApplicationWithASecret() throws Exception {
        try (BearerToken token = token("application")) {
            assertThat(token.user()).isEqualTo("application@example.test");
            SignedJWT jwt = verified(token);
            assertThat(jwt.getJWTClaimsSet().getSubject()).isEqualTo("application");
            assertThat(jwt.getJWTClaimsSet().getStringListClaim("scope")).containsExactly(SpringProvider.SCOPE);
            assertThat(token.expiry().orElseThrow())
                    .isBeforeOrEqualTo(jwt.getJWTClaimsSet()
                            .getExpirationTime()
                            .toInstant()
                            .plusSeconds(1));
        }
    }

    @Test
    void obtainsATokenForAnApplicationThatSigns() throws Exception {
        try (BearerToken token = token("signer")) {
            assertThat(verified(token).getJWTClaimsSet().getSubject()).isEqualTo("signer");
        }
    }

    @Test
    void takesTheTokenOfARelayThatSharesItsQueueAndItsRefreshTokenToo() throws Exception {
        InMemoryRegisters registers = new InMemoryRegisters(Clock.systemUTC());
        FakeStores elsewhere = new FakeStores().put("alice/secret", SpringProvider.secretOf("person"));
        OAuthStore other = new OAuthStore(properties, elsewhere, new SecretChanges());
        try {
            store.registers(registers);
            other.registers(registers);
            logIn();
            int before = provider.tokenRequests();
            try (BearerToken ours = token("alice");
                    BearerToken theirs = token(other, "alice")) {
                assertThat(theirs.token()).isEqualTo(ours.token());
            }
            assertThat(elsewhere.secretAt("alice/refresh-token")).isEqualTo(stores.secretAt("alice/refresh-token"));
            assertThat(provider.tokenRequests()).isEqualTo(before);

            store.registers(null);
            token("application").close();
            assertThat(provider.tokenRequests())
                    .as("alone, where the registers have gone")
                    .isEqualTo(before + 1);
        } finally {
            other.close();
        }
    }

    @Test
    void saysThatTheSecretIsWrongAndAsksOnce() throws Exception {
        stores.put("application/secret", "wrong");
        int before = provider.tokenRequests();
        for (int i = 0; i < 20; i++) {
            assertThat(store.lookup(new CredentialRef("application")).toString())
                    .contains("NoSuchCredential", "invalid_client", "postern oauth retry application");
        }
        assertThat(provider.tokenRequests() - before).isEqualTo(1);
    }

    @Test
    void asksAgainForMailThatWaitsAsSoonAsTheVaultTellsOfTheRightSecret() throws Exception {
        stores.put("application/secret", "wrong");
        assertThat(store.lookup(new CredentialRef("application"))).isInstanceOf(Lookup.NoSuchCredential.class);
        List<CredentialRef> news = new CopyOnWriteArrayList<>();
        store.listeners(List.of(new CredentialListener() {
            @Override
            public void changed(CredentialRef ref) {
                news.add(ref);
            }

            @Override
            public void storeChanged(String storeName) {}
        }));
        stores.put("application/secret", SpringProvider.secretOf("application"));
        changes.changed(new CredentialRef("application/secret"));
        await().untilAsserted(() -> assertThat(news).containsExactly(new CredentialRef("application")));
        token("application").close();
    }

    @Test
    void logsAPersonInKeepsTheRefreshTokenAndWritesEachSuccessorBack() throws Exception {
        assertThat(store.lookup(new CredentialRef("alice")).toString()).contains("no refresh token");
        String said = logIn();
        assertThat(said).contains("code: ", "The refresh token is kept.", "has a token for alice@example.test");
        String afterLogin = stores.written.get(0);
        assertThat(stores.written)
                .as("the login, and the first use of what it brought")
                .hasSize(2);
        try (BearerToken token = token("alice")) {
            assertThat(verified(token).getJWTClaimsSet().getSubject()).isEqualTo("alice");
            assertThat(said).doesNotContain(textOf(token), stores.secretAt("alice/refresh-token"));
        }
        CredentialVersion first = version("alice");
        assertThat(renewed("alice", first)).isNotEqualTo(first);
        assertThat(stores.written).hasSize(3).doesNotHaveDuplicates();
        // The provider takes each refresh token once: what is kept is the one that it takes next.
        assertThat(stores.written.getLast()).isNotEqualTo(afterLogin);
        assertThat(retried("alice")).isInstanceOf(Lookup.Found.class);
    }

    @Test
    void stopsWhereTheRefreshTokenIsRevokedUntilSomebodyLogsInAgain() throws Exception {
        logIn();
        provider.revoke(stores.secretAt("alice/refresh-token"));
        int before = provider.tokenRequests();
        assertThat(retried("alice").toString()).contains("Found");
        assertThat(store.statuses().get(2).state()).isInstanceOf(TokenStatus.State.NeedsOperator.class);
        assertThat(Commands.run(store, "status"))
                .contains("needs operator", "invalid_grant", "run postern oauth login alice");
        renewed("alice", version("alice"));
        assertThat(provider.tokenRequests() - before).isEqualTo(1);
        logIn();
        assertThat(store.statuses().get(2).state()).isEqualTo(new TokenStatus.State.Good());
    }

    @Test
    void logsAPersonInWithNothingButOptionsAndWhatIsPrintedThenWorks() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), SpringProvider.secretOf("person"));
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
        List<String> words = List.of(
                "login",
                "bob",
                "--provider",
                provider.issuer(),
                "--client-id",
                "person",
                "--client-secret-file",
                secret.toString(),
                "--user",
                "bob@example.test",
                "--scope",
                SpringProvider.SCOPE);
        int code = Commands.of(store, stores, time -> open(said.toString(StandardCharsets.UTF_8)))
                .run(words, new ByteArrayInputStream(new byte[0]), out, out);
        assertThat(code).as(said.toString(StandardCharsets.UTF_8)).isZero();
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("Client_Secret_Key = \"bob/client-secret\"")
                .doesNotContain(stores.secretAt("bob/refresh-token"), SpringProvider.secretOf("person"));

        store.close();
        properties.put("account", new String[] {"bob"});
        account("bob", "person", "refresh_token");
        properties.put("account/bob/client_secret_key", "bob/client-secret");
        store = new OAuthStore(properties, stores, changes);
        try (BearerToken token = token("bob")) {
            assertThat(token.user()).isEqualTo("bob@example.test");
            assertThat(verified(token).getJWTClaimsSet().getSubject()).isEqualTo("alice");
        }
    }

    private String logIn() throws Exception {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        OperatorCommand command = Commands.of(store, time -> open(said.toString(StandardCharsets.UTF_8)));
        PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
        assertThat(command.run(List.of("login", "alice"), new ByteArrayInputStream(new byte[0]), out, out))
                .as(said::toString)
                .isZero();
        return said.toString(StandardCharsets.UTF_8);
    }

    private static void open(String invitation) {
        Matcher place = Pattern.compile("http://\\S+").matcher(invitation);
        assertThat(place.find()).isTrue();
        try {
            provider.logIn("alice", URI.create(place.group()));
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    private Lookup retried(String account) throws Exception {
        Lookup answer = store.retry(account).orElseThrow();
        if (answer instanceof Lookup.Found found) {
            found.credential().close();
        }
        return answer;
    }

    private BearerToken token(String account) throws Exception {
        return token(store, account);
    }

    private static BearerToken token(OAuthStore store, String account) throws Exception {
        Lookup answer = store.lookup(new CredentialRef(account));
        assertThat(answer).isInstanceOf(Lookup.Found.class);
        return (BearerToken) ((Lookup.Found) answer).credential();
    }

    private CredentialVersion version(String account) throws Exception {
        try (BearerToken token = token(account)) {
            return token.version();
        }
    }

    private CredentialVersion renewed(String account, CredentialVersion refused) throws Exception {
        Lookup answer = store.lookupAnew(new CredentialRef(account), refused);
        try (BearerToken token = (BearerToken) ((Lookup.Found) answer).credential()) {
            return token.version();
        }
    }

    private static String textOf(BearerToken token) {
        return token.token().reveal(octets -> new String(octets, StandardCharsets.US_ASCII));
    }

    private static SignedJWT verified(BearerToken token) throws Exception {
        SignedJWT jwt = SignedJWT.parse(textOf(token));
        RSAKey key = JWKSet.load(URI.create(provider.issuer() + "/oauth2/jwks").toURL())
                .getKeyByKeyId(jwt.getHeader().getKeyID())
                .toRSAKey();
        assertThat(jwt.verify(new RSASSAVerifier(key))).isTrue();
        return jwt;
    }
}
