// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;

/** An identity provider's word on whose a token is, for servers that ask over HTTP; on a port of 127.0.0.1. */
final class TokenInfo implements AutoCloseable {

    private final HttpServer server;
    private final Map<String, String> users;

    private TokenInfo(HttpServer server, Map<String, String> users) {
        this.server = server;
        this.users = users;
    }

    /** @param users by token */
    static TokenInfo start(Map<String, String> users) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        TokenInfo info = new TokenInfo(server, users);
        server.createContext("/tokeninfo", info::answer);
        server.start();
        return info;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String token = exchange.getRequestURI().getQuery().replaceFirst("^access_token=", "");
            String user = users.get(token);
            String json = user == null
                    ? "{\"error\":\"invalid_token\"}"
                    : "{\"user\":\"" + user.replace("\\", "\\\\").replace("\"", "\\\"") + "\"}";
            byte[] octets = json.getBytes(UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(user == null ? 401 : 200, octets.length);
            exchange.getResponseBody().write(octets);
        }
    }

    /** Where to ask; the token is appended. */
    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/tokeninfo?access_token=");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
