// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.postern.peer.Accounts;
import org.postern.peer.ServerMechanism;

/**
 * An identity provider that takes each refresh token once and hands out its successor, and the mail server's side of
 * XOAUTH2 that believes it.
 */
final class TokenProvider implements ServerMechanism, AutoCloseable {

    /** Secrets that were shown to the token endpoint, in order. */
    final List<String> shown = new CopyOnWriteArrayList<>();

    private final HttpServer server;
    private final String user;
    private int count;
    private String goodRefreshToken = "refresh-0";
    private String goodToken = "none";

    TokenProvider(String user) throws IOException {
        this.user = user;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/token", this::answer);
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/token";
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        shown.add(form);
        boolean good = form.contains("refresh_token=" + goodRefreshToken) && form.contains("client_secret=s3cr3t");
        if (good) {
            count++;
            goodRefreshToken = "refresh-" + count;
            goodToken = "access-" + count;
        }
        byte[] body = (good
                        ? "{\"access_token\":\"" + goodToken + "\",\"token_type\":\"Bearer\",\"expires_in\":3600,"
                                + "\"refresh_token\":\"" + goodRefreshToken + "\"}"
                        : "{\"error\":\"invalid_grant\"}")
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(good ? 200 : 400, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** The mail server believes the token no longer. */
    synchronized void endToken() {
        goodToken = "none";
    }

    /** Nobody but this one gets another token. */
    synchronized void takeOnly(String refreshToken) {
        goodRefreshToken = refreshToken;
    }

    synchronized String refreshToken() {
        return goodRefreshToken;
    }

    private synchronized boolean isGood(String response) {
        return response.equals("user=" + user + "\u0001auth=Bearer " + goodToken + "\u0001\u0001");
    }

    @Override
    public String name() {
        return "XOAUTH2";
    }

    @Override
    public Exchange begin(Accounts accounts) {
        return response -> judge(response.map(octets -> new String(octets, StandardCharsets.UTF_8)));
    }

    private Verdict judge(Optional<String> response) {
        if (response.isEmpty()) {
            return new Verdict.Challenge(new byte[0]);
        }
        return isGood(response.get())
                ? new Verdict.Granted(user)
                : new Verdict.Denied("535 5.7.3 Authentication unsuccessful");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
