// SPDX-License-Identifier: Apache-2.0
package org.postern.policy.lua.outside;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.postern.policy.lua.library.Module;
import org.postern.policy.lua.run.Arguments;
import org.postern.policy.lua.run.LuaState;
import org.postern.policy.lua.run.LuaTable;
import org.postern.policy.lua.run.Userdata;
import org.postern.policy.lua.run.Values;

/** What {@code msys.http.client.new()} gives: one request after the other, and the answer to the last. */
final class WebClient extends Userdata {

    /** Octets that an answer may have. */
    static final int MOST_OCTETS = 1024 * 1024;

    private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "DELETE", "HEAD", "PATCH");
    private static final Set<String> SCHEMES = Set.of("http", "https");

    private final HttpClient http;
    private final LuaTable methods;
    private final List<String[]> headers = new ArrayList<>();
    private Optional<Duration> timeout = Optional.empty();
    private Optional<HttpResponse<byte[]>> answer = Optional.empty();

    private static final class Refused extends Exception {

        private static final long serialVersionUID = 1L;

        Refused(String what) {
            super(what);
        }
    }

    WebClient(LuaState state, HttpClient http) {
        this.http = http;
        this.methods = Module.unnamed(state, "client")
                .function("set_timeout", this::setTimeout)
                .function("set_header", this::setHeader)
                .function("do_request", this::request)
                .function("get_status", this::status)
                .function("get_body", this::body)
                .function("get_headers", this::headers)
                .function("parse_headers", WebClient::parseHeaders)
                .table();
    }

    @Override
    protected Object get(LuaState state, Object key) {
        return methods.get(key);
    }

    @Override
    protected String kind() {
        return "http client";
    }

    /** Seconds; without any, the time that the call has left. */
    private Object[] setTimeout(Arguments call) {
        double seconds = call.number(2, 0);
        timeout = seconds > 0 && seconds < Integer.MAX_VALUE
                ? Optional.of(Duration.ofMillis(Math.max(1, (long) (seconds * 1_000))))
                : Optional.empty();
        return Values.NONE;
    }

    /** One line, {@code Name: value}; without any, all are dropped. */
    private Object[] setHeader(Arguments call) {
        if (!call.has(2)) {
            headers.clear();
            return Values.NONE;
        }
        String line = call.string(2);
        int colon = line.indexOf(':');
        if (colon < 1) {
            throw call.bad(2, "a header is Name: value");
        }
        String[] header = {
            line.substring(0, colon).strip(), line.substring(colon + 1).strip()
        };
        call.budget().allocate(line.length() * 2L);
        headers.add(header);
        return Values.NONE;
    }

    /** True when there is an answer, whatever its status; or else nil and a message. */
    private Object[] request(Arguments call) {
        answer = Optional.empty();
        try {
            HttpRequest request = build(call.string(2), call.text(3), call.string(4, ""));
            call.budget().allocate(MOST_OCTETS);
            Duration left = call.budget().remaining();
            Duration atMost = timeout.filter(set -> set.compareTo(left) < 0).orElse(left);
            answer = Optional.of(call.budget().waitFor(() -> send(request, atMost)));
            return Values.one(true);
        } catch (Refused | IllegalArgumentException refused) {
            return new Object[] {null, call.state().string(Values.fromText(String.valueOf(refused.getMessage())))};
        } catch (RuntimeException raised) {
            throw raised;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private HttpRequest build(String method, String url, String data) throws Refused {
        if (!METHODS.contains(method)) {
            throw new Refused("there is no method " + method);
        }
        URI uri = URI.create(url);
        if (uri.getScheme() == null || !SCHEMES.contains(uri.getScheme()) || uri.getHost() == null) {
            throw new Refused("a URL begins with http:// or https:// and a host");
        }
        if (uri.getUserInfo() != null) {
            throw new Refused("a user and password belong into a header, not into the URL");
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .method(
                        method,
                        data.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(Values.toOctets(data)));
        headers.forEach(header -> request.header(header[0], header[1]));
        return request.build();
    }

    private HttpResponse<byte[]> send(HttpRequest request, Duration atMost) throws Refused, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> sent = http.sendAsync(request, head -> new LimitedBody(MOST_OCTETS));
        try {
            return sent.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new Refused("no answer within " + atMost.toMillis() + " ms");
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            throw new Refused(cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage());
        } finally {
            sent.cancel(true);
        }
    }

    private Object[] status(Arguments call) {
        return answer.map(response ->
                        new Object[] {Values.number(response.statusCode()), StatusLine.reason(response.statusCode())})
                .orElse(new Object[] {null, "there was no answer"});
    }

    private Object[] body(Arguments call) {
        return Values.one(answer.map(response -> call.state().string(Values.fromOctets(response.body())))
                .orElse(null));
    }

    private Object[] headers(Arguments call) {
        LuaTable lines = call.state().table();
        answer.ifPresent(response -> response.headers()
                .map()
                .forEach((name, values) -> values.forEach(value ->
                        lines.set(lines.length() + 1, call.state().string(Values.fromText(name + ": " + value))))));
        return Values.one(lines);
    }

    private static Object[] parseHeaders(Arguments call) {
        LuaTable lines = call.table(2);
        LuaTable parsed = call.state().table();
        for (int i = 1; i <= lines.length(); i++) {
            String line = Values.toText(lines.get(i));
            int colon = line == null ? -1 : line.indexOf(':');
            if (colon > 0) {
                parsed.set(
                        call.state().string(line.substring(0, colon).strip()),
                        call.state().string(line.substring(colon + 1).strip()));
            }
        }
        return Values.one(parsed);
    }

    /** Words for status codes (RFC 9110 section 15), which HTTP/2 does not send any more. */
    private static final class StatusLine {

        private static final Map<Integer, String> REASONS = Map.ofEntries(
                Map.entry(200, "OK"),
                Map.entry(201, "Created"),
                Map.entry(202, "Accepted"),
                Map.entry(204, "No Content"),
                Map.entry(301, "Moved Permanently"),
                Map.entry(302, "Found"),
                Map.entry(303, "See Other"),
                Map.entry(304, "Not Modified"),
                Map.entry(307, "Temporary Redirect"),
                Map.entry(308, "Permanent Redirect"),
                Map.entry(400, "Bad Request"),
                Map.entry(401, "Unauthorized"),
                Map.entry(403, "Forbidden"),
                Map.entry(404, "Not Found"),
                Map.entry(409, "Conflict"),
                Map.entry(429, "Too Many Requests"),
                Map.entry(500, "Internal Server Error"),
                Map.entry(502, "Bad Gateway"),
                Map.entry(503, "Service Unavailable"),
                Map.entry(504, "Gateway Timeout"));

        static String reason(int code) {
            return REASONS.getOrDefault(code, "");
        }
    }
}
