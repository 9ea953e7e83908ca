// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.postern.peer.CertificateRequest;
import org.postern.peer.ServerCertificate;
import org.postern.peer.TestAuthority;

/**
 * A stand-in for HashiCorp Vault and OpenBao that speaks, over true HTTP and TLS, what their documentation says of the API
 * and as much of it as a store of credentials uses: KV of both versions, an engine of leased accounts, tokens, four ways to
 * log in, wrapping, leases, health. Its clock is the test's.
 */
final class StandInVault implements AutoCloseable {

    /** What {@code secret/} is mounted as, as in a server in development mode. */
    static final String SECOND = "secret";

    static final String FIRST = "old";
    static final String DATABASE = "database";

    private final InstantSource clock;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final String scheme;

    private final Map<String, Versions> versioned = new ConcurrentHashMap<>();
    private final Map<String, Map<String, JsonElement>> plain = new ConcurrentHashMap<>();
    private final Map<String, Token> tokens = new ConcurrentHashMap<>();
    private final Map<String, Wrapping> wrappings = new ConcurrentHashMap<>();
    private final Map<String, Instant> leases = new ConcurrentHashMap<>();
    private final Set<String> denied = ConcurrentHashMap.newKeySet();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> namespaces = new CopyOnWriteArrayList<>();

    /** How tokens of logins, and leases, live. */
    volatile Duration life = Duration.ofHours(1);

    volatile Duration mostLife = Duration.ofDays(1);
    volatile boolean renewable = true;

    volatile boolean sealed;
    volatile String roleId = "role-1";
    volatile String secretId = "secret-id-1";
    volatile String jwt = "header.payload.signature";
    volatile Optional<Certificate> clientCertificate = Optional.empty();

    /** Answers before the API does, where it wants to. */
    volatile Function<String, Optional<Answer>> fault = request -> Optional.empty();

    private StandInVault(InstantSource clock, HttpServer server, String scheme) {
        this.clock = clock;
        this.server = server;
        this.scheme = scheme;
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    /** What is sent back. */
    record Answer(int status, Map<String, String> headers, byte[] body) {

        static Answer of(int status, String body) {
            return new Answer(
                    status, Map.of("Content-Type", "application/json"), body.getBytes(StandardCharsets.UTF_8));
        }

        static Answer error(int status, String... words) {
            JsonArray errors = new JsonArray();
            List.of(words).forEach(errors::add);
            JsonObject body = new JsonObject();
            body.add("errors", errors);
            return of(status, body.toString());
        }

        Answer with(String header, String value) {
            return new Answer(status, Map.of(header, value), body);
        }
    }

    private record Version(long number, Map<String, JsonElement> fields, Instant created, Optional<Instant> deleted) {}

    private static final class Versions {

        private final List<Version> all = new ArrayList<>();

        synchronized Version current() {
            return all.getLast();
        }

        synchronized void add(Map<String, JsonElement> fields, Instant now) {
            all.add(new Version(all.size() + 1, fields, now, Optional.empty()));
        }

        synchronized void delete(Instant now) {
            Version last = all.removeLast();
            all.add(new Version(last.number(), Map.of(), last.created(), Optional.of(now)));
        }
    }

    private record Token(Optional<Instant> end, Instant lastEnd, boolean renewable) {}

    private record Wrapping(String createdAt, JsonObject inside) {}

    /** Over plain HTTP on loopback. */
    static StandInVault plain(InstantSource clock) throws IOException {
        return new StandInVault(clock, HttpServer.create(loopback(), 0), "http");
    }

    /** Over TLS, with a certificate for {@code localhost} of this authority, which clients' certificates may come from too. */
    static StandInVault secured(InstantSource clock, TestAuthority authority) throws Exception {
        HttpsServer server = HttpsServer.create(loopback(), 0);
        SSLContext context =
                context(authority.issue(CertificateRequest.forNames("localhost").andAddresses("127.0.0.1")), authority);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = context.getDefaultSSLParameters();
                wanted.setWantClientAuth(true);
                parameters.setSSLParameters(wanted);
            }
        });
        return new StandInVault(clock, server, "https");
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static SSLContext context(ServerCertificate own, TestAuthority ofClients)
            throws GeneralSecurityException, IOException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("own", own.key(), new char[0], own.chain().toArray(Certificate[]::new));
        KeyManagerFactory ownKeys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        ownKeys.init(keys, new char[0]);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("clients", ofClients.root());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(ownKeys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    String address() {
        return scheme + "://localhost:" + server.getAddress().getPort();
    }

    /** A token without end. */
    String rootToken() {
        String token = "hvs." + UUID.randomUUID();
        tokens.put(token, new Token(Optional.empty(), Instant.MAX, false));
        return token;
    }

    /** A token that lives as {@link #life} says. */
    String newToken() {
        String token = "hvs." + UUID.randomUUID();
        Instant now = clock.instant();
        tokens.put(token, new Token(Optional.of(now.plus(life)), now.plus(mostLife), renewable));
        return token;
    }

    void revokeAllTokens() {
        tokens.clear();
    }

    /** Writes a version of a secret below {@link #SECOND}. */
    void put(String path, Map<String, String> fields) {
        putJson(path, strings(fields));
    }

    void putJson(String path, Map<String, JsonElement> fields) {
        versioned.computeIfAbsent(path, first -> new Versions()).add(Map.copyOf(fields), clock.instant());
    }

    void putFirst(String path, Map<String, String> fields) {
        plain.put(path, strings(fields));
    }

    private static Map<String, JsonElement> strings(Map<String, String> fields) {
        Map<String, JsonElement> elements = new ConcurrentHashMap<>();
        fields.forEach((name, value) -> elements.put(name, new com.google.gson.JsonPrimitive(value)));
        return elements;
    }

    /** Deletes the newest version, as {@code vault kv delete} does. */
    void delete(String path) {
        versioned.get(path).delete(clock.instant());
    }

    void deny(String apiPath) {
        denied.add(apiPath);
    }

    void allow(String apiPath) {
        denied.remove(apiPath);
    }

    /** A wrapping token with a secret ID of the AppRole inside. */
    String wrappedSecretId() {
        JsonObject data = new JsonObject();
        data.addProperty("secret_id", secretId);
        return wrapped("auth/approle/role/postern/secret-id", body("data", data));
    }

    String wrappedToken() {
        return wrapped("auth/token/create", body("auth", auth(newToken())));
    }

    String wrapped(String createdAt, JsonObject inside) {
        String token = "hvs.wrap." + UUID.randomUUID();
        wrappings.put(token, new Wrapping(createdAt, inside));
        return token;
    }

    /** What was asked, such as {@code GET secret/data/a}. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    long requestsOf(String request) {
        return requests.stream().filter(request::equals).count();
    }

    List<String> namespaces() {
        return List.copyOf(namespaces);
    }

    int leases() {
        return leases.size();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = URLDecoder.decode(
                    exchange.getRequestURI()
                            .getRawPath()
                            .replaceFirst("^/v1/", "")
                            .replace("+", "%2B"),
                    StandardCharsets.UTF_8);
            String request = exchange.getRequestMethod() + " " + path;
            requests.add(request);
            Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-Vault-Namespace"))
                    .ifPresent(namespaces::add);
            byte[] body = exchange.getRequestBody().readAllBytes();
            Answer answer = fault.apply(request).orElseGet(() -> answer(exchange, path, body));
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
            exchange.getResponseBody().write(answer.body());
        }
    }

    private Answer answer(HttpExchange exchange, String path, byte[] body) {
        if (path.equals("sys/health")) {
            return sealed ? Answer.of(503, "{\"sealed\":true}") : Answer.of(200, "{\"sealed\":false}");
        }
        if (sealed) {
            return Answer.error(503, "Vault is sealed");
        }
        JsonObject members = body.length == 0
                ? new JsonObject()
                : JsonParser.parseString(new String(body, StandardCharsets.UTF_8))
                        .getAsJsonObject();
        if (path.startsWith("auth/") && path.endsWith("/login")) {
            return login(exchange, path, members);
        }
        String token = Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-Vault-Token"))
                .orElse("");
        if (path.startsWith("sys/wrapping/")) {
            return unwrapping(path, token, members);
        }
        if (!isGood(token) || denied.contains(path)) {
            return Answer.error(403, "permission denied");
        }
        return switch (path.split("/")[0]) {
            case SECOND -> second(path);
            case FIRST -> first(path);
            case DATABASE -> account(path);
            case "auth" -> tokenItself(path, token);
            case "sys" -> system(path, members);
            default -> Answer.error(404);
        };
    }

    private boolean isGood(String token) {
        Token known = tokens.get(token);
        return known != null
                && known.end().filter(end -> !clock.instant().isBefore(end)).isEmpty();
    }

    private Answer second(String path) {
        if (path.startsWith(SECOND + "/data/")) {
            Versions found = versioned.get(path.substring((SECOND + "/data/").length()));
            return found == null ? Answer.error(404) : version(found.current());
        }
        if (path.startsWith(SECOND + "/metadata/")) {
            Versions found = versioned.get(path.substring((SECOND + "/metadata/").length()));
            return found == null ? Answer.error(404) : metadata(found.current());
        }
        JsonObject nothing = body("data", JsonNull.INSTANCE);
        JsonArray warnings = new JsonArray();
        warnings.add("Invalid path for a versioned K/V secrets engine.");
        nothing.add("warnings", warnings);
        return Answer.of(404, nothing.toString());
    }

    private static Answer version(Version version) {
        JsonObject about = about(version);
        about.addProperty("version", version.number());
        JsonObject data = new JsonObject();
        data.add("data", version.deleted().isPresent() ? JsonNull.INSTANCE : fields(version.fields()));
        data.add("metadata", about);
        return Answer.of(
                version.deleted().isPresent() ? 404 : 200, body("data", data).toString());
    }

    private static Answer metadata(Version version) {
        JsonObject versions = new JsonObject();
        versions.add(Long.toString(version.number()), about(version));
        JsonObject data = new JsonObject();
        data.addProperty("current_version", version.number());
        data.addProperty("updated_time", version.created().toString());
        data.add("versions", versions);
        return Answer.of(200, body("data", data).toString());
    }

    private static JsonObject about(Version version) {
        JsonObject about = new JsonObject();
        about.addProperty("created_time", version.created().toString());
        about.addProperty(
                "deletion_time", version.deleted().map(Instant::toString).orElse(""));
        about.addProperty("destroyed", false);
        return about;
    }

    private static JsonObject fields(Map<String, JsonElement> fields) {
        JsonObject object = new JsonObject();
        fields.forEach(object::add);
        return object;
    }

    private Answer first(String path) {
        Map<String, JsonElement> found = plain.get(path.substring((FIRST + "/").length()));
        if (found == null) {
            return Answer.error(404);
        }
        JsonObject body = body("data", fields(found));
        body.addProperty("lease_id", "");
        body.addProperty("lease_duration", 2_764_800);
        body.addProperty("renewable", false);
        return Answer.of(200, body.toString());
    }

    private Answer account(String path) {
        String id = path + "/" + UUID.randomUUID();
        leases.put(id, clock.instant().plus(mostLife));
        JsonObject data = new JsonObject();
        data.addProperty("username", "v-" + leases.size());
        data.addProperty("password", "generated-" + UUID.randomUUID());
        JsonObject body = body("data", data);
        body.addProperty("lease_id", id);
        body.addProperty("lease_duration", life.toSeconds());
        body.addProperty("renewable", renewable);
        return Answer.of(200, body.toString());
    }

    private Answer tokenItself(String path, String token) {
        Token known = tokens.get(token);
        Instant now = clock.instant();
        return switch (path) {
            case "auth/token/lookup-self" -> {
                JsonObject data = new JsonObject();
                data.addProperty(
                        "ttl",
                        known.end()
                                .map(end -> Duration.between(now, end).toSeconds())
                                .orElse(0L));
                data.addProperty("renewable", known.renewable());
                yield Answer.of(200, body("data", data).toString());
            }
            case "auth/token/renew-self" -> {
                if (!known.renewable()) {
                    yield Answer.error(400, "lease is not renewable");
                }
                Instant end = now.plus(life).isAfter(known.lastEnd()) ? known.lastEnd() : now.plus(life);
                tokens.put(token, new Token(Optional.of(end), known.lastEnd(), true));
                yield Answer.of(200, body("auth", auth(token)).toString());
            }
            default -> Answer.error(404);
        };
    }

    private Answer system(String path, JsonObject members) {
        if (path.startsWith("sys/internal/ui/mounts/")) {
            return mount(path.substring("sys/internal/ui/mounts/".length()).split("/")[0]);
        }
        if (path.equals("sys/leases/renew")) {
            String id = members.get("lease_id").getAsString();
            Instant lastEnd = leases.get(id);
            Instant now = clock.instant();
            if (lastEnd == null || !now.isBefore(lastEnd)) {
                return Answer.error(400, "lease not found or lease is not renewable");
            }
            Duration left = Duration.between(now, lastEnd);
            JsonObject body = new JsonObject();
            body.addProperty("lease_id", id);
            body.addProperty("lease_duration", (left.compareTo(life) < 0 ? left : life).toSeconds());
            body.addProperty("renewable", true);
            return Answer.of(200, body.toString());
        }
        return Answer.error(404);
    }

    private static Answer mount(String name) {
        JsonObject data = new JsonObject();
        data.addProperty("path", name + "/");
        switch (name) {
            case SECOND, FIRST -> {
                JsonObject options = new JsonObject();
                options.addProperty("version", name.equals(SECOND) ? "2" : "1");
                data.addProperty("type", "kv");
                data.add("options", options);
            }
            case DATABASE -> {
                data.addProperty("type", "database");
                data.add("options", JsonNull.INSTANCE);
            }
            default -> {
                return Answer.error(
                        403,
                        "preflight capability check returned 403, please ensure client's policies grant"
                                + " access to path \"" + name + "/\"");
            }
        }
        return Answer.of(200, body("data", data).toString());
    }

    private Answer login(HttpExchange exchange, String path, JsonObject members) {
        return switch (path) {
            case "auth/approle/login" ->
                is(members, "role_id", roleId) && is(members, "secret_id", secretId)
                        ? loggedIn()
                        : Answer.error(400, "invalid role or secret ID");
            case "auth/kubernetes/login", "auth/jwt/login" ->
                is(members, "role", "postern") && is(members, "jwt", jwt)
                        ? loggedIn()
                        : Answer.error(403, "permission denied");
            case "auth/cert/login" ->
                isShown(exchange)
                        ? loggedIn()
                        : Answer.error(400, "invalid certificate or no client certificate supplied");
            default -> Answer.error(403, "permission denied");
        };
    }

    private static boolean is(JsonObject members, String name, String wanted) {
        return members.has(name) && members.get(name).getAsString().equals(wanted);
    }

    private boolean isShown(HttpExchange exchange) {
        try {
            return exchange instanceof HttpsExchange https
                    && clientCertificate
                            .filter(https.getSSLSession().getPeerCertificates()[0]::equals)
                            .isPresent();
        } catch (IOException none) {
            return false;
        }
    }

    private Answer loggedIn() {
        return Answer.of(200, body("auth", auth(newToken())).toString());
    }

    private JsonObject auth(String token) {
        Token known = tokens.get(token);
        JsonObject auth = new JsonObject();
        auth.addProperty("client_token", token);
        auth.addProperty(
                "lease_duration",
                known.end()
                        .map(end -> Duration.between(clock.instant(), end).toSeconds())
                        .orElse(0L));
        auth.addProperty("renewable", known.renewable());
        return auth;
    }

    private Answer unwrapping(String path, String token, JsonObject members) {
        if (path.equals("sys/wrapping/lookup")) {
            Wrapping found = wrappings.get(members.get("token").getAsString());
            if (found == null) {
                return Answer.error(400, "wrapping token is not valid or does not exist");
            }
            JsonObject data = new JsonObject();
            data.addProperty("creation_path", found.createdAt());
            return Answer.of(200, body("data", data).toString());
        }
        Wrapping opened = wrappings.remove(token);
        return opened == null
                ? Answer.error(400, "wrapping token is not valid or does not exist")
                : Answer.of(200, opened.inside().toString());
    }

    private static JsonObject body(String name, JsonElement value) {
        JsonObject body = new JsonObject();
        body.add(name, value);
        return body;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        try {
            threads.awaitTermination(5, java.util.concurrent.TimeUnit.SECONDS);
        } catch (InterruptedException leaving) {
            Thread.currentThread().interrupt();
        }
    }
}
