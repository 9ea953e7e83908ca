// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/**
 * As much of HashiCorp Vault's API over TLS as a relay uses that logs in by an AppRole and reads KV of version 2; what a
 * store makes of the rest of it is shown in its own module.
 */
final class VaultService implements AutoCloseable {

    static final String ROLE_ID = "role-of-the-relay";

    private final HttpsServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Version> secrets = new ConcurrentHashMap<>();
    private final Set<String> tokens = ConcurrentHashMap.newKeySet();
    private final String secretId;
    private volatile boolean sealed;

    private record Version(int number, String user, String password, Instant created) {}

    VaultService(SSLContext tls, String secretId) throws IOException {
        this.secretId = secretId;
        this.server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.createContext("/v1/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    /** The stanza of a relay that trusts this authority and has the secret ID in this file. */
    String stanza(String authority, String secretIdFile) {
        return """
                Credential_HashiCorp {
                  Address = "https://localhost:%d"
                  CA_File = "%s"
                  Auth = "approle"
                  Role_Id = "%s"
                  Secret_Id_File = "%s"
                  Path = "secret/smtp/{key}"
                  Poll_Interval = 1
                }
                """.formatted(server.getAddress().getPort(), authority, ROLE_ID, secretIdFile);
    }

    /** Writes the next version of a secret. */
    void put(String key, String user, String password) {
        secrets.merge(
                "smtp/" + key,
                new Version(1, user, password, Instant.now()),
                (old, first) -> new Version(old.number() + 1, user, password, first.created()));
    }

    void seal(boolean closed) {
        sealed = closed;
    }

    void revokeTokens() {
        tokens.clear();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath().substring("/v1/".length());
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            String token = exchange.getRequestHeaders().getFirst("X-Vault-Token");
            String answer = answer(path, body, token == null ? "" : token);
            int status = Integer.parseInt(answer.substring(0, 3));
            byte[] json = answer.substring(4).getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, json.length);
            exchange.getResponseBody().write(json);
        }
    }

    private String answer(String path, String body, String token) {
        if (sealed) {
            return "503 {\"errors\":[\"Vault is sealed\"]}";
        }
        if (path.equals("sys/health")) {
            return "200 {\"initialized\":true,\"sealed\":false,\"standby\":false}";
        }
        if (path.equals("auth/approle/login")) {
            return body.contains('"' + ROLE_ID + '"') && body.contains('"' + secretId + '"')
                    ? login()
                    : "400 {\"errors\":[\"invalid role or secret ID\"]}";
        }
        if (!tokens.contains(token)) {
            return "403 {\"errors\":[\"permission denied\"]}";
        }
        if (path.startsWith("sys/internal/ui/mounts/secret/")) {
            return "200 {\"data\":{\"path\":\"secret/\",\"type\":\"kv\",\"options\":{\"version\":\"2\"}}}";
        }
        Version found = secrets.get(path.replaceFirst("^secret/(data|metadata)/", ""));
        if (found == null) {
            return "404 {\"errors\":[]}";
        }
        return path.startsWith("secret/data/") ? data(found) : metadata(found);
    }

    private String login() {
        String token = "hvs." + UUID.randomUUID();
        tokens.add(token);
        return "200 {\"auth\":{\"client_token\":\"" + token + "\",\"lease_duration\":3600,\"renewable\":true}}";
    }

    private static String data(Version version) {
        return "200 {\"data\":{\"data\":{\"user\":\"" + version.user() + "\",\"password\":\"" + version.password()
                + "\"},\"metadata\":{\"version\":" + version.number() + ',' + about(version) + "}}}";
    }

    private static String metadata(Version version) {
        return "200 {\"data\":{\"current_version\":" + version.number() + ",\"versions\":{\"" + version.number()
                + "\":{" + about(version) + "}}}}";
    }

    private static String about(Version version) {
        return "\"created_time\":\"" + version.created() + "\",\"deletion_time\":\"\",\"destroyed\":false";
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
