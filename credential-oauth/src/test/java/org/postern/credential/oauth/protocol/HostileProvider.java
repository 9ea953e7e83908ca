// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth.protocol;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP server on this machine that answers what a test wants, and keeps what it was sent. */
public final class HostileProvider implements AutoCloseable {

    /** Method, path, Authorization headers and body of each. */
    public final List<String> requests = new CopyOnWriteArrayList<>();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** On a port of its own. */
    public HostileProvider() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
    }

    /** How a path is answered. */
    public interface Answer {
        /** Sends it. */
        void to(HttpExchange exchange) throws IOException;
    }

    /** Answers a path so. */
    public HostileProvider on(String path, Answer answer) {
        server.createContext(path, exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getOrDefault("Authorization", List.of()) + " " + body);
            try (exchange) {
                answer.to(exchange);
            }
        });
        return this;
    }

    /** Answers a path with JSON. */
    public HostileProvider json(String path, int status, String body) {
        return on(path, exchange -> send(exchange, status, "application/json", Map.of(), body));
    }

    /** Sends an answer. */
    public static void send(HttpExchange exchange, int status, String type, Map<String, String> headers, String body)
            throws IOException {
        byte[] octets = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        headers.forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(status, octets.length == 0 ? -1 : octets.length);
        exchange.getResponseBody().write(octets);
    }

    /** The address of a path. */
    public URI at(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
