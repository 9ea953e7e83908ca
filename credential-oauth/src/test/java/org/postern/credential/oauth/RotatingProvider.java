// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A token endpoint on this machine that takes each refresh token once: whoever comes with one that was replaced is refused,
 * and is remembered as a thief.
 */
final class RotatingProvider implements AutoCloseable {

    static final Duration LIFE = Duration.ofHours(1);

    private static final Pattern REFRESH_TOKEN = Pattern.compile("(?:^|&)refresh_token=([^&]*)");

    /** The refresh tokens that it was shown, in order; an empty one for a request that has none. */
    final List<String> shown = new CopyOnWriteArrayList<>();

    /** Of those, the ones that were replaced before. */
    final List<String> stolen = new CopyOnWriteArrayList<>();

    /** What it gave out, which nobody may read in a log. */
    final List<String> secrets = new CopyOnWriteArrayList<>();

    volatile CountDownLatch gate = new CountDownLatch(0);
    volatile Runnable beforeAnswer = () -> {};
    volatile int padding;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<String> good = new HashSet<>();
    private final Set<String> replaced = new HashSet<>();
    private int retryAfter;

    RotatingProvider() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/token", this::answer);
        server.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/token");
    }

    /** Somebody logs in and gets this one. */
    synchronized RotatingProvider knows(String refreshToken) {
        good.add(refreshToken);
        secrets.add(refreshToken);
        return this;
    }

    /** Somebody takes all rights away. */
    synchronized void revoke() {
        good.clear();
    }

    /** Wants to be left alone for so long, from the next request on; 0 for no longer. */
    synchronized void busyFor(int seconds) {
        retryAfter = seconds;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Matcher matcher = REFRESH_TOKEN.matcher(body);
        String refreshToken = matcher.find() ? URLDecoder.decode(matcher.group(1), StandardCharsets.UTF_8) : "";
        shown.add(refreshToken);
        try (exchange) {
            gate.await();
            beforeAnswer.run();
            decide(exchange, refreshToken);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void decide(HttpExchange exchange, String refreshToken) throws IOException {
        if (retryAfter > 0) {
            exchange.getResponseHeaders().set("Retry-After", String.valueOf(retryAfter));
            send(exchange, 429, "{}");
            return;
        }
        if (replaced.contains(refreshToken)) {
            stolen.add(refreshToken);
        }
        if (!good.remove(refreshToken)) {
            send(exchange, 400, "{\"error\":\"invalid_grant\"}");
            return;
        }
        replaced.add(refreshToken);
        String token = "access-" + shown.size() + "x".repeat(padding);
        String next = "refresh-" + shown.size();
        good.add(next);
        secrets.addAll(List.of(token, next));
        send(
                exchange,
                200,
                "{\"access_token\":\"" + token + "\",\"token_type\":\"Bearer\",\"expires_in\":" + LIFE.toSeconds()
                        + ",\"refresh_token\":\"" + next + "\"}");
    }

    private static void send(HttpExchange exchange, int status, String json) throws IOException {
        byte[] octets = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, octets.length);
        exchange.getResponseBody().write(octets);
    }

    @Override
    public void close() {
        gate.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
