// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.credential.oauth.Account;
import org.postern.credential.oauth.Account.ClientProof;
import org.postern.credential.oauth.Account.Grant;
import org.postern.credential.oauth.Account.Place;
import org.postern.credential.oauth.Account.Provider;
import org.postern.credential.oauth.KnownSecrets;
import org.postern.credential.oauth.TokenAnswer;
import org.postern.peer.TestAuthority;
import org.postern.spi.credential.CredentialRef;
import org.postern.spi.credential.Secret;
import org.postern.testkit.ManualClock;

/** What is asked of a provider, and what is made of everything it may answer. */
@Timeout(120)
class TokenRequestsTest {

    private static final CredentialRef KEY = new CredentialRef("key");
    private static final String GOOD = "{\"access_token\":\"token-1\",\"token_type\":\"Bearer\",\"expires_in\":3600}";

    @TempDir
    Path directory;

    private final ManualClock clock = ManualClock.at("2026-11-27T00:00:00Z");
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpTransport transport = new HttpTransport(threads, Duration.ofSeconds(50));
    private final TokenRequests requests = new TokenRequests(transport, new RequestPace(System::nanoTime), clock);
    private HostileProvider provider;

    @BeforeEach
    void open() throws Exception {
        provider = new HostileProvider();
    }

    @AfterEach
    void close() {
        transport.close();
        threads.shutdownNow();
        provider.close();
    }

    @Test
    void readsATokenAndItsLife() throws Exception {
        TokenAnswer.Granted granted = granted(answerTo(GOOD));
        assertThat(text(granted.token())).isEqualTo("token-1");
        assertThat(granted.life()).contains(Duration.ofHours(1));
        assertThat(granted.refreshToken()).isEmpty();
    }

    @Test
    void readsARefreshTokenThatReplacesTheOldOne() throws Exception {
        TokenAnswer.Granted granted = granted(answerTo(GOOD.replace("}", ",\"refresh_token\":\"refresh-1\"}")));
        assertThat(text(granted.refreshToken().orElseThrow())).isEqualTo("refresh-1");
    }

    @ParameterizedTest
    @DisplayName("C2-19: a token that has ended already is not taken")
    @CsvSource({"0", "-1", "-99999999999999999999"})
    void takesNoTokenThatHasEndedAlready(String expiresIn) throws Exception {
        assertThat(answerTo(GOOD.replace("3600", expiresIn)).toString())
                .contains("Failed", "has ended already (expires_in)");
    }

    @Test
    @DisplayName("C2-19: a life longer than a year is bounded")
    void boundsALifeThatIsLongerThanAYear() throws Exception {
        assertThat(granted(answerTo(GOOD.replace("3600", "99999999999999999999")))
                        .life())
                .contains(Duration.ofDays(365));
    }

    @Test
    @DisplayName("C2-19: no life is known where none is stated")
    void knowsNoLifeWhereNoneIsStated() throws Exception {
        assertThat(granted(answerTo("{\"access_token\":\"token-1\",\"token_type\":\"bearer\"}"))
                        .life())
                .isEmpty();
    }

    @Test
    void understandsALifeThatIsWrittenAsText() throws Exception {
        assertThat(granted(answerTo(GOOD.replace("3600", "\"3599\""))).life()).contains(Duration.ofSeconds(3599));
    }

    @ParameterizedTest
    @DisplayName("C2-19: a token of another type is not taken")
    @ValueSource(strings = {"mac", "DPoP", "N_A", ""})
    void takesNoTokenOfAnotherType(String type) throws Exception {
        assertThat(answerTo(GOOD.replace("Bearer", type)).toString()).contains("Failed", "no bearer token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"with space", "with\\u0001start", "line\\r\\nend", "nul\\u0000", "grüße", ""})
    void takesNoTokenThatCouldBreakOutOfItsMessage(String token) throws Exception {
        assertThat(answerTo(GOOD.replace("token-1", token)).toString()).contains("characters that no token has");
    }

    @Test
    @DisplayName("C2-19: a token of 64 kB is taken")
    void takesATokenOfSixtyFourKilobytes() throws Exception {
        String token = "t".repeat(64 * 1024);
        assertThat(text(granted(answerTo(GOOD.replace("token-1", token))).token()))
                .isEqualTo(token);
    }

    @Test
    void hangsUpOnAnAnswerThatHasNoEnd() throws Exception {
        provider.on("/token", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 0);
            byte[] chunk = new byte[64 * 1024];
            for (int i = 0; i < 4096; i++) {
                exchange.getResponseBody().write(chunk);
            }
        });
        assertThat(ask(secret()).toString()).contains("the answer is larger than 262144 octets");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{\"access_token\":\"tok",
                "[]",
                "null",
                "{}",
                "{\"access_token\":7,\"token_type\":\"Bearer\"}",
                "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"expires_in\":\"soon\"}"
            })
    void failsWhereTheAnswerIsHalfAnAnswerOrNone(String body) throws Exception {
        TokenAnswer answer = answerTo(body);
        assertThat(answer).isInstanceOf(TokenAnswer.Failed.class);
        assertThat(answer.toString()).doesNotContain("tok\"");
    }

    @Test
    void survivesJsonOfAThousandFloors() throws Exception {
        assertThat(answerTo("{\"a\":".repeat(20_000))).isInstanceOf(TokenAnswer.Failed.class);
        assertThat(answerTo("[".repeat(100_000))).isInstanceOf(TokenAnswer.Failed.class);
    }

    @Test
    void saysWhatCameWhereItIsAWebPage() throws Exception {
        provider.on(
                "/token",
                exchange -> HostileProvider.send(
                        exchange, 200, "text/html; charset=utf-8", Map.of(), "<html>please log in</html>"));
        assertThat(ask(secret()).toString())
                .contains("Failed", "something that is no token response (text/html")
                .doesNotContain("please log in");
    }

    @Test
    void followsNoRedirect() throws Exception {
        provider.json("/elsewhere", 200, GOOD);
        provider.on(
                "/token",
                exchange -> HostileProvider.send(
                        exchange,
                        307,
                        "text/plain",
                        Map.of("Location", provider.at("/elsewhere").toString()),
                        ""));
        assertThat(ask(secret()).toString()).contains("307", "a redirect, which is not followed");
        assertThat(provider.requests).hasSize(1);
    }

    @Test
    @DisplayName("C2-19: a provider that takes its time is given up")
    void givesUpOnAProviderThatTakesItsTime() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        provider.on("/token", exchange -> drip(exchange, never));
        try (HttpTransport hasty = new HttpTransport(threads, Duration.ofSeconds(1));
                KnownSecrets secrets = secret()) {
            Account account = account(provider.at("/token"), new Grant.ClientCredentials(), shared());
            TokenAnswer answer =
                    new TokenRequests(hasty, new RequestPace(System::nanoTime), clock).ask(account, secrets);
            assertThat(answer.toString()).contains("no answer within 1 s");
        }
        never.countDown();
    }

    private static void drip(HttpExchange exchange, CountDownLatch never) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        try {
            for (int i = 0; i < 2_000 && !never.await(100, TimeUnit.MILLISECONDS); i++) {
                exchange.getResponseBody().write(' ');
                exchange.getResponseBody().flush();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void saysThatNobodyListens() throws Exception {
        URI nobody = provider.at("/token");
        provider.close();
        try (KnownSecrets secrets = secret()) {
            assertThat(requests.ask(account(nobody, new Grant.ClientCredentials(), shared()), secrets)
                            .toString())
                    .contains("Failed", "connection refused");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503, 504})
    void comesBackLaterWhereTheProviderIsBusy(int status) throws Exception {
        provider.on(
                "/token",
                exchange -> HostileProvider.send(
                        exchange, status, "application/json", Map.of("Retry-After", "17"), "{\"error\":\"x\"}"));
        TokenAnswer.Failed failed = (TokenAnswer.Failed) ask(secret());
        assertThat(failed.retryAfter()).contains(Duration.ofSeconds(17));
        assertThat(failed.reason()).contains("status " + status);
    }

    @ParameterizedTest
    @CsvSource({
        "'Fri, 27 Nov 2026 00:01:00 GMT',60",
        "'Thu, 26 Nov 2026 00:00:00 GMT',",
        "soon,",
        "-5,",
        "99999999999999999,"
    })
    void readsWhenToComeBack(String header, Integer seconds) throws Exception {
        provider.on(
                "/token",
                exchange ->
                        HostileProvider.send(exchange, 503, "application/json", Map.of("Retry-After", header), "{}"));
        assertThat(((TokenAnswer.Failed) ask(secret())).retryAfter())
                .isEqualTo(Optional.ofNullable(seconds).map(Duration::ofSeconds));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"invalid_grant", "invalid_client", "unauthorized_client", "invalid_scope", "interaction_required"
            })
    void tellsARefusalFromAFailure(String code) throws Exception {
        provider.json("/token", 400, "{\"error\":\"" + code + "\",\"error_description\":\"AADSTS700082: expired\"}");
        TokenAnswer.Refused refused = (TokenAnswer.Refused) ask(secret());
        assertThat(refused.code()).isEqualTo(code);
        assertThat(refused.reason()).isEqualTo("127.0.0.1 refuses a token: " + code + " (AADSTS700082: expired)");
    }

    @Test
    void takesAPassingErrorForAFailure() throws Exception {
        provider.json("/token", 400, "{\"error\":\"temporarily_unavailable\"}");
        assertThat(ask(secret())).isInstanceOf(TokenAnswer.Failed.class);
    }

    @Test
    void repeatsNoSecretThatTheProviderRepeats() throws Exception {
        provider.json(
                "/token",
                401,
                "{\"error\":\"invalid_client\",\"error_description\":\"not s3cr3t-s3cr3t\\r\\n\\u001b[31m at all"
                        + "x".repeat(10_000) + "\"}");
        String reason = ((TokenAnswer.Refused) ask(secret())).reason();
        assertThat(reason).contains("not [redacted]").doesNotContain("s3cr3t", "\r", "\n", "\u001b");
        assertThat(reason.length()).isLessThan(500);
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3cr3t", "gehe*im&=+ %\u00fc", "refresh+0/=", "1234"})
    void repeatsNoSecretInWhateverFormTheProviderRepeatsIt(String secret) throws Exception {
        String form = URLEncoder.encode(secret, StandardCharsets.UTF_8);
        for (String dressed : List.of(
                secret,
                form,
                form.replace("+", "%20"),
                form.replaceAll("%(..)", "%25$1").replace("%25", "%"),
                "client_secret=" + form.toLowerCase(java.util.Locale.ROOT) + "&x=y",
                Base64.getEncoder().encodeToString(("client:" + form).getBytes(StandardCharsets.UTF_8)),
                Base64.getUrlEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8)),
                Base64.getEncoder().encodeToString(("a" + secret).getBytes(StandardCharsets.UTF_8)),
                "\u00e4\u00f6 100 % of " + form)) {
            String said = Echo.redacted("invalid_client (not " + dressed + " at all)", List.of(secret));
            assertThat(said).contains("[redacted").doesNotContain(secret, form, dressed);
        }
    }

    @Test
    void repeatsNoSignedStatement() {
        assertThat(Echo.redacted("invalid_client (eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIn0.c2ln is too old)", List.of("x")))
                .isEqualTo("invalid_client ([redacted] is too old)");
    }

    @Test
    void leavesTheTextAsItIsWhereNothingIsRepeated() {
        String said = "invalid_grant (AADSTS700082: the refresh token has expired, trace 0d3b5f1e-77aa 100 %zz)";
        assertThat(Echo.redacted(said, List.of("s3cr3t", "tok"))).isEqualTo(said.replace("tok", "[redacted]"));
    }

    @Test
    void sendsTheClientSecretInTheHeaderAndInTheBody() throws Exception {
        provider.json("/token", 200, GOOD);
        ask(secret());
        String basic = Base64.getEncoder().encodeToString("client:s3cr3t-s3cr3t".getBytes(StandardCharsets.US_ASCII));
        assertThat(provider.requests.get(0))
                .contains("[Basic " + basic + "]", "grant_type=client_credentials", "scope=smtp")
                .doesNotContain("client_secret");
        try (KnownSecrets secrets = secret()) {
            requests.ask(
                    account(
                            provider.at("/token"),
                            new Grant.ClientCredentials(),
                            new ClientProof.SharedSecret(KEY, Optional.of(true))),
                    secrets);
        }
        assertThat(provider.requests.get(1))
                .contains("client_secret=s3cr3t-s3cr3t")
                .contains(" [] ");
    }

    @Test
    void sendsTheRefreshTokenOfAPublicClient() throws Exception {
        provider.json("/token", 200, GOOD);
        try (KnownSecrets secrets =
                new KnownSecrets(Optional.empty(), Optional.of(Secret.of("refresh+0/=")), Optional.empty(), "")) {
            requests.ask(account(provider.at("/token"), new Grant.RefreshToken(KEY), new ClientProof.None()), secrets);
        }
        assertThat(provider.requests.get(0))
                .contains("grant_type=refresh_token", "refresh_token=refresh%2B0%2F%3D", "client_id=client");
    }

    @Test
    void provesTheClientByASignatureWithTheFingerprintOfItsCertificate() throws Exception {
        provider.json("/token", 200, GOOD);
        KeyPair pair = rsa();
        Path certificate = directory.resolve("client.crt");
        TestAuthority authority = TestAuthority.create();
        authority.writeRootPem(certificate);
        byte[] der = authority.root().getEncoded();
        try (KnownSecrets secrets =
                new KnownSecrets(Optional.of(Secret.of(pem(pair))), Optional.empty(), Optional.empty(), "")) {
            requests.ask(
                    account(
                            provider.at("/token"),
                            new Grant.ClientCredentials(),
                            new ClientProof.Signature(new Place.Store(KEY), Optional.of(certificate))),
                    secrets);
        }
        SignedJWT assertion = SignedJWT.parse(parameter("client_assertion"));
        assertThat(assertion.verify(new RSASSAVerifier((RSAPublicKey) pair.getPublic())))
                .isTrue();
        assertThat(assertion.getHeader().getX509CertSHA256Thumbprint())
                .isEqualTo(Base64URL.encode(MessageDigest.getInstance("SHA-256").digest(der)));
        assertThat(parameter("client_id")).isEqualTo("client");
        assertThat(assertion.getJWTClaimsSet().getIssuer()).isEqualTo("client");
        assertThat(assertion.getJWTClaimsSet().getSubject()).isEqualTo("client");
        assertThat(assertion.getJWTClaimsSet().getAudience())
                .containsExactly(provider.at("/token").toString());
        assertThat(parameter("client_assertion_type"))
                .isEqualTo("urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    }

    @Test
    void sendsAnAssertionThatSomebodyElseHasSigned() throws Exception {
        provider.json("/token", 200, GOOD);
        try (KnownSecrets secrets = new KnownSecrets(
                Optional.of(Secret.of("header.claims.signature\n")), Optional.empty(), Optional.empty(), "")) {
            requests.ask(
                    account(
                            provider.at("/token"),
                            new Grant.ClientCredentials(),
                            new ClientProof.AssertionFile(directory.resolve("token"))),
                    secrets);
        }
        assertThat(parameter("client_assertion")).isEqualTo("header.claims.signature");
        assertThat(parameter("client_id")).isEqualTo("client");
    }

    @Test
    void signsForAServiceAccountInTheUsersName() throws Exception {
        provider.json("/token", 200, GOOD);
        KeyPair pair = rsa();
        String json = "{\"type\":\"service_account\",\"private_key_id\":\"k1\",\"client_email\":\"sa@p.example\","
                + "\"token_uri\":\"https://attacker.example/\",\"private_key\":\""
                + pem(pair).replace("\n", "\\n") + "\"}";
        try (KnownSecrets secrets =
                new KnownSecrets(Optional.empty(), Optional.of(Secret.of(json)), Optional.empty(), "")) {
            requests.ask(
                    account(provider.at("/token"), new Grant.JwtBearer(new Place.Store(KEY)), new ClientProof.None()),
                    secrets);
        }
        assertThat(parameter("grant_type")).isEqualTo("urn:ietf:params:oauth:grant-type:jwt-bearer");
        SignedJWT assertion = SignedJWT.parse(parameter("assertion"));
        assertThat(assertion.verify(new RSASSAVerifier((RSAPublicKey) pair.getPublic())))
                .isTrue();
        assertThat(assertion.getState()).isEqualTo(JWSObject.State.VERIFIED);
        assertThat(assertion.getHeader().getKeyID()).isEqualTo("k1");
        assertThat(assertion.getJWTClaimsSet().getIssuer()).isEqualTo("sa@p.example");
        assertThat(assertion.getJWTClaimsSet().getSubject()).isEqualTo("relay@example.test");
        assertThat(assertion.getJWTClaimsSet().getStringClaim("scope")).isEqualTo("smtp");
        assertThat(assertion.getJWTClaimsSet().getAudience())
                .containsExactly(provider.at("/token").toString());
        assertThat(assertion.getJWTClaimsSet().getExpirationTime().toInstant())
                .isEqualTo(clock.instant().plus(Duration.ofMinutes(10)));
    }

    @ParameterizedTest
    @CsvSource({
        "'-----BEGIN RSA PRIVATE KEY-----\nAAAA',pkcs8 -topk8",
        "'-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA',pkcs8 -topk8",
        "'no key, really',not in PEM form",
        "AAAA,neither an RSA nor an EC key"
    })
    void saysWhatIsWrongWithAKey(String text, String expected) throws Exception {
        try (KnownSecrets secrets =
                new KnownSecrets(Optional.of(Secret.of(text)), Optional.empty(), Optional.empty(), "")) {
            TokenAnswer answer = requests.ask(
                    account(
                            provider.at("/token"),
                            new Grant.ClientCredentials(),
                            new ClientProof.Signature(new Place.Store(KEY), Optional.empty())),
                    secrets);
            assertThat(answer).isInstanceOf(TokenAnswer.Refused.class);
            assertThat(answer.toString()).contains(expected).doesNotContain("AAAA");
        }
    }

    @Test
    void saysWhatIsWrongWithAServiceAccountsKey() throws Exception {
        for (String text : List.of("", "{", "{}", "[1]", "{\"client_email\":\"a\",\"private_key\":\"\"}")) {
            try (KnownSecrets secrets =
                    new KnownSecrets(Optional.empty(), Optional.of(Secret.of(text)), Optional.empty(), "")) {
                assertThat(requests.ask(
                                account(
                                        provider.at("/token"),
                                        new Grant.JwtBearer(new Place.Store(KEY)),
                                        new ClientProof.None()),
                                secrets))
                        .isInstanceOf(TokenAnswer.Refused.class);
            }
        }
        assertThat(provider.requests).isEmpty();
    }

    @Test
    void findsTheEndpointsOfAnIssuerOnceAnHour() throws Exception {
        String issuer = provider.at("/realm").toString();
        provider.json("/realm/.well-known/openid-configuration", 200, metadata(issuer, provider.at("/token")));
        provider.json("/token", 200, GOOD);
        for (int i = 0; i < 3; i++) {
            assertThat(askDiscovered(issuer)).isInstanceOf(TokenAnswer.Granted.class);
        }
        clock.advance(Duration.ofHours(1));
        askDiscovered(issuer);
        assertThat(provider.requests)
                .filteredOn(request -> request.startsWith("GET"))
                .hasSize(2);
    }

    @Test
    void trustsNoIssuerThatCallsItselfOtherwise() throws Exception {
        String issuer = provider.at("/realm").toString();
        provider.json(
                "/realm/.well-known/openid-configuration",
                200,
                metadata("https://another.example/", provider.at("/token")));
        assertThat(askDiscovered(issuer).toString()).contains("calls itself https://another.example/");
        assertThat(provider.requests).hasSize(1);
    }

    @Test
    void sendsNoSecretWhereItWouldBeReadOnTheWay() throws Exception {
        String issuer = provider.at("/realm").toString();
        provider.json(
                "/realm/.well-known/openid-configuration",
                200,
                metadata(issuer, URI.create("http://id.example/token")));
        assertThat(askDiscovered(issuer).toString()).contains("must begin with https://");
        try (KnownSecrets secrets = secret()) {
            assertThat(requests.ask(
                                    account(
                                            URI.create("http://id.example/token"),
                                            new Grant.ClientCredentials(),
                                            shared()),
                                    secrets)
                            .toString())
                    .contains("must begin with https://");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "<html>", "{}", "{\"issuer\":7}"})
    void saysThatAnIssuerPublishesNothingOfUse(String body) throws Exception {
        provider.json("/realm/.well-known/openid-configuration", 200, body);
        assertThat(askDiscovered(provider.at("/realm").toString())).isInstanceOf(TokenAnswer.Failed.class);
    }

    private static String metadata(String issuer, URI token) {
        return "{\"issuer\":\"" + issuer + "\",\"token_endpoint\":\"" + token
                + "\",\"response_types_supported\":[\"code\"],\"subject_types_supported\":[\"public\"],"
                + "\"jwks_uri\":\"https://id.example/jwks\"}";
    }

    private TokenAnswer askDiscovered(String issuer) throws Exception {
        try (KnownSecrets secrets = secret()) {
            return requests.ask(
                    account(new Provider.Discovered(URI.create(issuer)), new Grant.ClientCredentials(), shared()),
                    secrets);
        }
    }

    private TokenAnswer answerTo(String body) throws Exception {
        HostileProvider fresh = new HostileProvider();
        provider.close();
        provider = fresh.json("/token", 200, body);
        return ask(secret());
    }

    private TokenAnswer ask(KnownSecrets secrets) throws Exception {
        try (secrets) {
            return requests.ask(account(provider.at("/token"), new Grant.ClientCredentials(), shared()), secrets);
        }
    }

    private static KnownSecrets secret() {
        return new KnownSecrets(Optional.of(Secret.of("s3cr3t-s3cr3t")), Optional.empty(), Optional.empty(), "v1");
    }

    private static ClientProof shared() {
        return new ClientProof.SharedSecret(KEY, Optional.empty());
    }

    private static Account account(URI token, Grant grant, ClientProof client) {
        return account(new Provider.Known(token, Optional.empty()), grant, client);
    }

    private static Account account(Provider provider, Grant grant, ClientProof client) {
        return new Account(
                "relay",
                "relay@example.test",
                "client",
                provider,
                grant,
                client,
                List.of("smtp"),
                Set.of(),
                Duration.ofMinutes(5));
    }

    private static TokenAnswer.Granted granted(TokenAnswer answer) {
        assertThat(answer).isInstanceOf(TokenAnswer.Granted.class);
        return (TokenAnswer.Granted) answer;
    }

    private static String text(Secret secret) {
        return secret.reveal(octets -> new String(octets, StandardCharsets.UTF_8));
    }

    private String parameter(String name) {
        Matcher found = Pattern.compile("(?:^|[ &])" + name + "=([^&]*)").matcher(provider.requests.getLast());
        assertThat(found.find()).as(name).isTrue();
        return URLDecoder.decode(found.group(1), StandardCharsets.UTF_8);
    }

    private static KeyPair rsa() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }

    private static String pem(KeyPair pair) {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(pair.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }
}
