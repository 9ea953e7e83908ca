// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.outside;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postern.policy.lua.Lua;
import org.postern.policy.lua.library.Chunks;
import org.postern.policy.lua.library.Sandbox;
import org.postern.policy.lua.run.Killed;
import org.postern.policy.lua.run.Limits;
import org.postern.policy.lua.run.LuaError;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.text.JsonLibrary;

@Timeout(60)
class HttpLibraryTest {

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final CountDownLatch never = new CountDownLatch(1);
    private HttpServer server;
    private HttpClient http;

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            seen.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getOrDefault("Authorization", List.of()) + " "
                    + new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1));
            byte[] body = "{\"access_token\":\"t0ken\"}".getBytes(ISO_8859_1);
            switch (exchange.getRequestURI().getPath()) {
                case "/slow" -> {
                    try {
                        never.await(50, TimeUnit.SECONDS);
                    } catch (InterruptedException end) {
                        Thread.currentThread().interrupt();
                    }
                }
                case "/large" -> body = new byte[WebClient.MOST_OCTETS + 1];
                case "/octets" -> body = new byte[] {0, (byte) 0xFF, 13, 10};
                default -> {}
            }
            exchange.getResponseHeaders().add("X-Kind", "test");
            boolean moved = exchange.getRequestURI().getPath().equals("/moved");
            if (moved) {
                exchange.getResponseHeaders().add("Location", "/stolen");
            }
            exchange.sendResponseHeaders(moved ? 307 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        http = HttpClient.newHttpClient();
    }

    @AfterEach
    void stop() {
        never.countDown();
        server.stop(0);
        http.shutdownNow();
    }

    private LuaState open(LuaState state) {
        HttpLibrary.open(state, () -> http);
        JsonLibrary.open(state);
        return state;
    }

    private String show(String source) {
        return Show.in(open(Lua.state()), "local client = msys.http.client.new() " + source);
    }

    private String url(String path) {
        return "'http://127.0.0.1:" + server.getAddress().getPort() + path + "'";
    }

    @Test
    void getsAnAnswerWithStatusHeadersAndBody() {
        assertThat(show("client:do_request('GET', " + url("/token?a=b") + ") "
                        + "local code, reason = client:get_status() "
                        + "local headers = client:parse_headers(client:get_headers()) "
                        + "return code, reason, headers['x-kind'] or headers['X-Kind'], "
                        + "json.decode(client:get_body()).access_token"))
                .isEqualTo("200 OK test t0ken");
        assertThat(seen).containsExactly("GET /token?a=b [] ");
    }

    @Test
    void sendsHeadersAndOctets() {
        assertThat(show("client:set_header('Authorization: Bearer x') " + "return client:do_request('POST', " + url("/")
                        + ", 'a\\0\\255')"))
                .isEqualTo("true");
        assertThat(seen).containsExactly("POST / [Bearer x] a\0\u00FF");
        assertThat(show("client:set_header('Authorization: x') client:set_header() return client:do_request('GET', "
                        + url("/") + ")"))
                .isEqualTo("true");
        assertThat(seen.getLast()).isEqualTo("GET / [] ");
    }

    @Test
    void givesOctetsBack() {
        assertThat(show("client:do_request('GET', " + url("/octets")
                        + ") return client:get_body() == string.char(0, 255, 13, 10)"))
                .isEqualTo("true");
    }

    @Test
    void doesNotFollowARedirectWithACredential() {
        assertThat(show("client:set_header('Authorization: Bearer x') client:do_request('GET', " + url("/moved")
                        + ") return client:get_status()"))
                .isEqualTo("307 Temporary Redirect");
        assertThat(seen).hasSize(1);
    }

    @Test
    void refusesABodyThatIsTooLarge() {
        assertThat(show("return client:do_request('GET', " + url("/large") + ")"))
                .startsWith("nil ")
                .contains("larger than");
    }

    @Test
    void waitsNoLongerThanItsTimeout() {
        assertThat(show("client:set_timeout(0.2) return client:do_request('GET', " + url("/slow") + ")"))
                .isEqualTo("nil no answer within 200 ms");
    }

    @Test
    void endsWithTheCall() {
        LuaState state =
                open(Sandbox.open(new Limits(1_000_000, 16 << 20, Duration.ofMillis(300)), Lua.CLOCK, Chunks.NONE));
        assertThatThrownBy(() -> Lua.run(
                        state,
                        "local c = msys.http.client.new() c:do_request('GET', " + url("/slow") + ") "
                                + "while true do end"))
                .isInstanceOf(Killed.class);
    }

    @Test
    void saysWhatIsWrongWithARequest() {
        for (String arguments : List.of(
                "'GET', 'http://127.0.0.1:1/'",
                "'GET', 'file:///etc/passwd'",
                "'GET', 'ftp://127.0.0.1/'",
                "'GET', 'jar:file:/x!/y'",
                "'GET', 'nonsense'",
                "'GET', ''",
                "'GET', 'http://'",
                "'GET', 'http://u:p@127.0.0.1/'",
                "'GET', 'http://127.0.0.1/\\r\\nX: y'",
                "'CONNECT', 'http://127.0.0.1/'",
                "'get\\r\\n', 'http://127.0.0.1/'")) {
            assertThat(show("return client:do_request(" + arguments + ")"))
                    .as(arguments)
                    .startsWith("nil ");
        }
        for (String header : List.of("A: b\\r\\nC: d", "A\\0: b", "Host: elsewhere", "Content-Length: 5", "A b: c")) {
            assertThat(show("client:set_header('" + header + "') return client:do_request('GET', " + url("/") + ")"))
                    .as(header)
                    .startsWith("nil ");
        }
        assertThat(seen).isEmpty();
    }

    @Test
    void hasNoAnswerBeforeARequest() {
        assertThat(show("return client:get_status()")).isEqualTo("nil there was no answer");
        assertThat(show("return client:get_body()")).isEqualTo("nil");
        assertThat(show("return #client:get_headers()")).isEqualTo("0");
    }

    @Test
    void raisesWhatIsOfNoUse() {
        for (String call : List.of(
                "client:do_request()",
                "client:do_request({}, {})",
                "client:set_header({})",
                "client:set_header('no colon')",
                "client:set_timeout('soon')",
                "client:parse_headers('x')",
                "client.nothing()",
                "client:getClass()")) {
            assertThatThrownBy(() -> show(call)).as(call).isInstanceOf(LuaError.class);
        }
    }
}
