// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.credential.oauth.FakeStores;
import org.postern.credential.oauth.protocol.HostileProvider;

/** Logins to accounts that no configuration has, and everything that a provider may say while one waits (RFC 8628). */
@Timeout(60)
class FirstLoginTest {

    private static final String GRANTED =
            "{\"access_token\":\"access-1\",\"token_type\":\"Bearer\",\"refresh_token\":\"refresh-1\"}";

    @TempDir
    private Path directory;

    private final FakeStores stores = new FakeStores();
    private final List<Long> waits = new ArrayList<>();
    private final Queue<HostileProvider.Answer> polls = new ConcurrentLinkedQueue<>();
    private HostileProvider provider;

    @BeforeEach
    void open() throws Exception {
        provider = new HostileProvider();
        provider.json("/.well-known/openid-configuration", 200, """
                {"issuer":"%1$s","token_endpoint":"%1$s/token","device_authorization_endpoint":"%1$s/device",
                 "jwks_uri":"%1$s/keys","response_types_supported":["code"],"subject_types_supported":["public"]}
                """.formatted(provider.at("")));
        provider.json("/device", 200, """
                {"device_code":"device-code-1","user_code":"WDJB-MJHT","verification_uri":"%s/go","expires_in":60,
                 "interval":5}
                """.formatted(provider.at("")));
        provider.on("/token", exchange -> {
            HostileProvider.Answer answer = polls.poll();
            (answer == null ? json(400, "{\"error\":\"authorization_pending\"}") : answer).to(exchange);
        });
    }

    @AfterEach
    void close() {
        provider.close();
    }

    private static HostileProvider.Answer json(int status, String body) {
        return exchange -> HostileProvider.send(exchange, status, "application/json", Map.of(), body);
    }

    private static HostileProvider.Answer error(String code) {
        return json(400, "{\"error\":\"" + code + "\"}");
    }

    private static void hangUp(HttpExchange exchange) throws IOException {
        exchange.close();
    }

    private String said(String input, String... words) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
        byte[] typed = input.getBytes(StandardCharsets.UTF_8);
        int code = Commands.of(null, stores, time -> waits.add(time.toSeconds()))
                .run(List.of(words), new ByteArrayInputStream(typed), out, out);
        return said.toString(StandardCharsets.UTF_8) + "exit " + code;
    }

    private String logIn(String... further) {
        List<String> words = new ArrayList<>(List.of(
                "login",
                "alice",
                "--provider=" + provider.at(""),
                "--client-id",
                "mail app",
                "--user",
                "alice@example.test",
                "--scope",
                "smtp offline_access"));
        words.addAll(List.of(further));
        return said("", words.toArray(String[]::new));
    }

    @Test
    void keepsTheRefreshTokenAndPrintsTheStanza() {
        polls.addAll(List.of(error("authorization_pending"), json(200, GRANTED)));
        assertThat(logIn()).isEqualTo("""
                Open this address in a browser and log in as alice@example.test:

                    %1$s/go
                    code: WDJB-MJHT

                Waiting for the login, at most 1 min …
                The refresh token is kept under alice/refresh-token. Add this to the configuration:

                Credential_OAuth {
                  Account "alice" {
                    Issuer    = "%1$s"
                    Client_Id = "mail app"
                    Grant     = "refresh_token"
                    User      = "alice@example.test"
                    Scope     = ( "smtp" "offline_access" )
                  }
                }

                and name the account where mail is sent with it:

                  Outbound_SMTP_AUTH_Key = "alice"
                exit 0""".formatted(provider.at("")));
        assertThat(stores.written).containsExactly("alice/refresh-token=refresh-1");
        assertThat(stores.hosts).containsExactly(java.util.Set.of("127.0.0.1"));
        assertThat(waits).containsExactly(5L, 5L);
        assertThat(provider.requests)
                .anySatisfy(request -> assertThat(request).contains("POST /device", "client_id=mail+app", "scope=smtp"))
                .anySatisfy(request -> assertThat(request).contains("POST /token", "device_code=device-code-1"));
    }

    @Test
    void keepsTheSecretOfTheApplicationToo() throws Exception {
        Path file = Files.writeString(directory.resolve("secret"), "application's\r\n");
        polls.add(json(200, GRANTED));
        assertThat(logIn("--client-secret-file", file.toString(), "--key", "tokens/alice"))
                .contains(
                        "Client_Secret_Key = \"alice/client-secret\"", "Refresh_Token_Key = \"tokens/alice\"", "exit 0")
                .doesNotContain("application's", "refresh-1", "access-1", "device-code-1");
        assertThat(stores.written).containsExactly("alice/client-secret=application's", "tokens/alice=refresh-1");
    }

    @Test
    void readsTheSecretFromStandardInput() {
        polls.add(json(200, GRANTED));
        assertThat(said(
                        "piped\n",
                        "login",
                        "--provider",
                        provider.at("").toString(),
                        "--client-id=app",
                        "--client-secret-file=-",
                        "--user=bob@example.test"))
                .contains("Account \"bob@example.test\" {")
                .endsWith("exit 0");
        assertThat(stores.written)
                .containsExactly("bob@example.test/client-secret=piped", "bob@example.test/refresh-token=refresh-1");
    }

    @Test
    void asksLessOftenForGoodWhereItIsToldToSlowDown() {
        polls.addAll(List.of(
                error("authorization_pending"),
                error("slow_down"),
                error("authorization_pending"),
                error("slow_down"),
                json(200, GRANTED)));
        assertThat(logIn()).endsWith("exit 0");
        assertThat(waits).containsExactly(5L, 5L, 10L, 10L, 15L);
    }

    @Test
    void asksHalfAsOftenAfterEachConnectionThatIsLost() {
        polls.addAll(List.of(FirstLoginTest::hangUp, json(503, "{}"), json(200, "no token"), json(200, GRANTED)));
        assertThat(logIn()).contains("nobody logged in in time").endsWith("exit 1");
        assertThat(waits).as("within the life of the code, 60 s").containsExactly(5L, 10L, 20L);
        polls.clear();
        waits.clear();
        polls.addAll(List.of(FirstLoginTest::hangUp, json(200, GRANTED)));
        assertThat(logIn()).endsWith("exit 0");
        assertThat(waits).containsExactly(5L, 10L);
    }

    @ParameterizedTest
    @CsvSource({
        "access_denied,the login was declined",
        "authorization_declined,the login was declined",
        "expired_token,the code has expired: begin again",
        "invalid_client,invalid_client"
    })
    void stopsWhereTheProviderSaysNo(String code, String expected) {
        polls.add(error(code));
        assertThat(logIn()).contains("postern oauth login: " + expected).endsWith("exit 1");
        assertThat(waits).hasSize(1);
        assertThat(stores.written).isEmpty();
    }

    @Test
    void endsWithTheCodeWhereNobodyLogsIn() {
        assertThat(logIn())
                .contains("nobody logged in in time; nothing was changed")
                .endsWith("exit 1");
        assertThat(waits.stream().mapToLong(Long::longValue).sum()).isEqualTo(60);
        assertThat(stores.written).isEmpty();
    }

    @Test
    void saysThatNoRefreshTokenWasGiven() {
        polls.add(json(200, "{\"access_token\":\"access-1\",\"token_type\":\"Bearer\"}"));
        assertThat(logIn()).contains("no refresh token", "offline_access").endsWith("exit 1");
        assertThat(stores.written).isEmpty();
    }

    @Test
    void repeatsNoneOfItsSecrets() throws Exception {
        Path file = Files.writeString(directory.resolve("secret"), "application's");
        polls.add(
                json(400, "{\"error\":\"invalid_grant\",\"error_description\":\"device-code-1 of application%27s\"}"));
        assertThat(logIn("--client-secret-file", file.toString()))
                .contains("invalid_grant ([redacted] of [redacted])")
                .endsWith("exit 1");
    }

    @Test
    void asksNobodyToLogInWhileNothingCanBeKept() {
        stores.sealed("the vault is sealed");
        assertThat(logIn()).contains("could not be kept: the vault is sealed").endsWith("exit 1");
        assertThat(provider.requests).isEmpty();
    }

    @Test
    void saysThatTheTokenCannotBeKept() {
        stores.readOnly("no space left on device");
        polls.add(json(200, GRANTED));
        assertThat(logIn())
                .contains("the refresh token cannot be kept: no space left on device")
                .endsWith("exit 1");
    }

    @Test
    void saysWhereAProviderHasNoDeviceFlow() {
        assertThat(said("", "login", "--provider", "google", "--client-id", "c", "--user", "u@example.test"))
                .contains("oauth2.googleapis.com has no device flow for this", "docs/oauth.md")
                .endsWith("exit 1");
    }

    @ParameterizedTest
    @CsvSource({
        "--provider google,needs --user",
        "--provider google --user u,needs --client-id",
        "--provider microsoft --user u --client-id c,needs --tenant",
        "--user u --client-id c,needs --provider",
        "--provider,--provider needs a value",
        "--provider http://id.example --user u --client-id c,must begin with https://",
        "--provider google --user u --client-id c --client-id d,--client-id is given twice",
        "--provider google --user= --client-id c,--user is empty",
        "one two --provider google --user u --client-id c,the name of one account",
        "--provider google --user u --client-id c --client-secret s,login takes --provider",
        "one --provider google --user u --client-id c --key one,account's own name"
    })
    void saysWhatIsWrongWithItsOptions(String words, String expected) {
        assertThat(said("", ("login " + words).split(" "))).contains(expected).endsWith("exit 2");
        assertThat(provider.requests).isEmpty();
    }

    @Test
    void saysThatTheFileOfTheSecretIsMissingOrEmpty() throws Exception {
        assertThat(logIn("--client-secret-file", directory.resolve("none").toString()))
                .contains("none")
                .endsWith("exit 1");
        Path empty = Files.writeString(directory.resolve("empty"), "\n");
        assertThat(logIn("--client-secret-file", empty.toString()))
                .contains("is empty")
                .endsWith("exit 1");
    }
}
