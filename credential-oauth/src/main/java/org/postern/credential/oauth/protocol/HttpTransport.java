// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.oauth.protocol;

import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.http.HTTPRequestSender;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.http.ReadOnlyHTTPRequest;
import com.nimbusds.oauth2.sdk.http.ReadOnlyHTTPResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * HTTP as it is spoken to identity providers: encrypted except on this machine, no redirect followed, so that no secret
 * goes where it was not sent, answers of bounded size within a bounded time. Proxies are those of the JDK's properties.
 *
 * <p>Threading: safe for many threads; {@link #send} blocks and can be interrupted.
 */
public final class HttpTransport implements HTTPRequestSender, AutoCloseable {

    /** The longest answer that is read, in octets. */
    static final int LARGEST_ANSWER = 256 * 1024;

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    private final HttpClient client;
    private final Duration deadline;

    /**
     * A transport with connections of its own.
     *
     * @param threads where the client runs what it has to do
     * @param deadline of one request, from the first octet sent to the last one received
     */
    public HttpTransport(ExecutorService threads, Duration deadline) {
        this.deadline = deadline;
        this.client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT)
                .executor(threads)
                .build();
    }

    /** Why requests with secrets must not be sent to this address, if they must not. */
    public static Optional<String> objection(URI uri) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (uri.getHost() == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            return Optional.of("is no address of a server");
        }
        boolean local = LOOPBACK.contains(uri.getHost().toLowerCase(Locale.ROOT));
        return scheme.equals("https") || scheme.equals("http") && local
                ? Optional.empty()
                : Optional.of("must begin with https://");
    }

    /** Sends a request. The text of an exception says what went wrong in words, and nothing that was sent. */
    @Override
    public ReadOnlyHTTPResponse send(ReadOnlyHTTPRequest request) throws IOException {
        Optional<String> objection = objection(request.getURI());
        if (objection.isPresent()) {
            throw new IOException(request.getURI() + " " + objection.get());
        }
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(translated(request), head -> new BoundedBody(LARGEST_ANSWER));
        try {
            return translated(answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException late) {
            throw new IOException("no answer within " + deadline.toSeconds() + " s");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException failed) {
            throw new IOException(reason(failed.getCause()));
        } finally {
            answer.cancel(true);
        }
    }

    private static HttpRequest translated(ReadOnlyHTTPRequest request) {
        HttpRequest.Builder translated = HttpRequest.newBuilder(request.getURI());
        request.getHeaderMap().forEach((name, values) -> values.forEach(value -> translated.header(name, value)));
        translated.header("Accept", "application/json");
        String body = request.getBody();
        return switch (request.getMethod()) {
            case POST ->
                translated
                        .POST(BodyPublishers.ofString(body == null ? "" : body, StandardCharsets.UTF_8))
                        .build();
            case GET -> translated.GET().build();
            case PUT, DELETE -> throw new IllegalArgumentException("nothing here needs " + request.getMethod());
        };
    }

    private static HTTPResponse translated(HttpResponse<byte[]> response) throws IOException {
        HTTPResponse translated = new HTTPResponse(response.statusCode());
        response.headers().map().forEach((name, values) -> {
            if (!name.equalsIgnoreCase("Content-Type")) {
                translated.setHeader(name, values.toArray(String[]::new));
            }
        });
        Optional<String> type = response.headers().firstValue("Content-Type");
        try {
            if (type.isPresent()) {
                translated.setContentType(type.get());
            }
        } catch (ParseException odd) {
            throw new IOException("the answer names no content type that can be understood");
        }
        translated.setBody(new String(response.body(), StandardCharsets.UTF_8));
        return translated;
    }

    private static String reason(Throwable failure) {
        return switch (failure) {
            case java.net.http.HttpConnectTimeoutException slow -> "no connection within " + CONNECT.toSeconds() + " s";
            case java.net.ConnectException refused -> "connection refused, or no such host";
            case SSLException tls -> "TLS: " + tls.getMessage();
            case IOException other -> String.valueOf(other.getMessage());
            case null, default -> "failed with " + failure;
        };
    }

    /** Cuts off what is under way. */
    @Override
    public void close() {
        client.shutdownNow();
        client.close();
    }
}
