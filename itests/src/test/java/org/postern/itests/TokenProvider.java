// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.postern.itests.Instance.eventually;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * An identity provider that takes each refresh token once and hands out its successor. Where it refuses, it repeats what it
 * was sent, as some do that mean to help.
 */
final class TokenProvider implements AutoCloseable {

    /** Where the vault keeps the refresh token of the account. */
    static final String REFRESH_TOKEN_PLACE = "relay/refresh-token";

    private final HttpServer server;
    private final UnaryOperator<String> mint;
    private final Consumer<String> accessTokens;
    private final String clientSecret;
    private final Map<String, String> applications = new ConcurrentHashMap<>();
    private int requests;
    private int count;
    private String goodRefreshToken;

    /**
     * Starts it.
     *
     * @param mint makes a secret from a name such as {@code refresh-0}
     * @param accessTokens is told of each before it is handed out
     */
    TokenProvider(UnaryOperator<String> mint, Consumer<String> accessTokens) throws IOException {
        this.mint = mint;
        this.accessTokens = accessTokens;
        this.clientSecret = mint.apply("client-secret");
        this.goodRefreshToken = mint.apply("refresh-0");
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/token", this::answer);
        server.start();
    }

    /** Puts the secrets into the vault and returns a stanza with an account that uses them, named {@code relay}. */
    String account(Instance instance, String user) {
        instance.vaultSet("relay/client-secret", user, clientSecret);
        instance.vaultSet(REFRESH_TOKEN_PLACE, user, refreshToken());
        return """
                Credential_OAuth {
                  Account "relay" {
                    Token_Endpoint = "http://127.0.0.1:%d/token"
                    Client_Id = "client"
                    Client_Secret_Key = "relay/client-secret"
                    Client_Auth = "post"
                    Grant = "refresh_token"
                    User = "%s"
                  }
                }
                """.formatted(server.getAddress().getPort(), user);
    }

    /** Puts the secret of all applications into the vault; their accounts go into one {@code Credential_OAuth}. */
    void applicationSecret(Instance instance) {
        instance.vaultSet("applications/client-secret", "applications", clientSecret);
    }

    /** An account that is an application: it gets this token as often as it asks, for as long as it lives. */
    String application(String account, String user, String token) {
        applications.put(account, token);
        return """
                Account "%1$s" {
                  Token_Endpoint = "http://127.0.0.1:%2$d/token"
                  Client_Id = "%1$s"
                  Client_Secret_Key = "applications/client-secret"
                  Client_Auth = "post"
                  Grant = "client_credentials"
                  User = "%3$s"
                }
                """.formatted(account, server.getAddress().getPort(), user);
    }

    /** Waits until the relay has a token: it notices a changed vault and a changed configuration each in its own time. */
    void awaitToken(Instance instance) {
        eventually(() -> instance.attempt("", "oauth", "retry", "relay").code() == 0);
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        String request = new String(exchange.getRequestBody().readAllBytes(), US_ASCII);
        List<String> fields = List.of(request.split("&"));
        requests++;
        Optional<String> granted = fields.contains("client_secret=" + URLEncoder.encode(clientSecret, UTF_8))
                ? grant(fields)
                : Optional.empty();
        byte[] body = granted.orElseGet(() -> refusal(request)).getBytes(US_ASCII);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(granted.isPresent() ? 200 : 400, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private Optional<String> grant(List<String> fields) {
        if (fields.contains("grant_type=client_credentials")) {
            return fields.stream()
                    .filter(field -> field.startsWith("client_id="))
                    .map(field -> applications.get(field.substring("client_id=".length())))
                    .filter(Objects::nonNull)
                    .map(token -> "{" + bearer(token) + "}")
                    .findFirst();
        }
        return fields.contains("refresh_token=" + URLEncoder.encode(goodRefreshToken, UTF_8))
                ? Optional.of(next())
                : Optional.empty();
    }

    private static String bearer(String token) {
        return "\"access_token\":\"" + token + "\",\"token_type\":\"Bearer\",\"expires_in\":3600";
    }

    private static String refusal(String request) {
        return "{\"error\":\"invalid_grant\",\"error_description\":\"no token for " + request + "\"}";
    }

    private String next() {
        count++;
        String accessToken = mint.apply("access-" + count);
        accessTokens.accept(accessToken);
        goodRefreshToken = mint.apply("refresh-" + count);
        return "{" + bearer(accessToken) + ",\"refresh_token\":\"" + goodRefreshToken + "\"}";
    }

    /** How often somebody asked for a token. */
    synchronized int requests() {
        return requests;
    }

    /** Nobody but this one gets another token. */
    synchronized void takeOnly(String refreshToken) {
        goodRefreshToken = refreshToken;
    }

    /** The one that gets a token next. */
    synchronized String refreshToken() {
        return goodRefreshToken;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
