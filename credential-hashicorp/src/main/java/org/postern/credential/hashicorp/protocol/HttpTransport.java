// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp.protocol;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HTTP as it is spoken to the server: no redirect followed, so that no token goes where it was not sent, answers of
 * bounded size within a bounded time. Certificates are read again when their files have changed. Proxies are those of the
 * JDK's properties.
 *
 * <p>Threading: safe for many threads; {@link #send} blocks and can be interrupted.
 */
public final class HttpTransport implements AutoCloseable {

    /** The longest answer that is read, in octets. */
    static final int LARGEST_ANSWER = 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(HttpTransport.class);
    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(3);

    private final TlsFiles tls;
    private final Optional<String> namespace;
    private final Duration deadline;
    private final ExecutorService threads;
    private final ReentrantLock replacing = new ReentrantLock();
    private volatile Current current;

    /**
     * A transport with connections of its own.
     *
     * @param tls whom to trust, and what to show
     * @param namespace in which all requests are made
     * @param deadline of one request, from the first octet sent to the last one received
     * @param threads where the client runs what it has to do
     */
    public HttpTransport(TlsFiles tls, Optional<String> namespace, Duration deadline, ExecutorService threads) {
        this.tls = tls;
        this.namespace = namespace;
        this.deadline = deadline;
        this.threads = threads;
    }

    private record Current(HttpClient client, String stamp) {}

    /** What came back. */
    record Answer(int status, Optional<String> retryAfter, Optional<String> location, byte[] body) {

        /** The status only; a body holds secrets. */
        @Override
        public String toString() {
            return "Answer[" + status + "]";
        }
    }

    /**
     * Sends a request. The text of an exception says what went wrong in words, and nothing that was sent or received.
     *
     * @throws UnreachableException if there was no connection
     * @throws IOException if there was no answer, or none that could be read to its end
     */
    Answer send(URI address, ApiRequest request) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer =
                client().sendAsync(translated(address, request), head -> new BoundedBody(LARGEST_ANSWER));
        try {
            return translated(answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException late) {
            throw new IOException("gave no answer within " + deadline.toSeconds() + " s");
        } catch (ExecutionException failed) {
            throw explained(failed.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    private HttpRequest translated(URI address, ApiRequest request) {
        HttpRequest.Builder translated = HttpRequest.newBuilder(URI.create(address + "/v1/" + request.path()))
                // An upgrade of an unencrypted connection is one thing more that a proxy can get wrong.
                .version(
                        address.getScheme().equalsIgnoreCase("https")
                                ? HttpClient.Version.HTTP_2
                                : HttpClient.Version.HTTP_1_1)
                .header("Accept", "application/json")
                // Asked for by servers that want to be sure of not being called by a browser's form.
                .header("X-Vault-Request", "true");
        namespace.ifPresent(name -> translated.header("X-Vault-Namespace", name));
        request.token()
                .ifPresent(token -> translated.header(
                        "X-Vault-Token", token.reveal(octets -> new String(octets, StandardCharsets.US_ASCII))));
        request.body()
                .ifPresent(members -> translated
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(JsonObject.write(members), StandardCharsets.UTF_8)));
        return translated.build();
    }

    private static Answer translated(HttpResponse<byte[]> response) {
        return new Answer(
                response.statusCode(),
                response.headers().firstValue("Retry-After"),
                response.headers().firstValue("Location"),
                response.body());
    }

    private static IOException explained(Throwable failure) {
        return switch (failure) {
            case HttpConnectTimeoutException slow -> new UnreachableException("accepts no connection in time");
            case ConnectException refused -> new UnreachableException("refuses connections, or is no such host");
            case SSLException tls -> new UnreachableException("fails in TLS: " + tls.getMessage());
            case IOException other -> new IOException("breaks off: " + other.getMessage());
            default -> new IOException("fails with " + failure.getClass().getSimpleName());
        };
    }

    private HttpClient client() throws UnreachableException {
        String stamp = tls.stamp();
        Current present = current;
        if (present != null && present.stamp().equals(stamp)) {
            return present.client();
        }
        replacing.lock();
        try {
            return replaced(stamp).client();
        } finally {
            replacing.unlock();
        }
    }

    private Current replaced(String stamp) throws UnreachableException {
        Current old = current;
        if (old != null && old.stamp().equals(stamp)) {
            return old;
        }
        try {
            current = new Current(built(), stamp);
        } catch (UnreachableException unreadable) {
            if (old == null) {
                throw unreadable;
            }
            // Perhaps half written. What was there a moment ago does until the files change again.
            LOG.warn("{}; what was read before is used", unreadable.getMessage());
            current = new Current(old.client(), stamp);
            return current;
        }
        if (old != null) {
            old.client().shutdown();
        }
        return current;
    }

    private HttpClient built() throws UnreachableException {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(deadline.compareTo(LONGEST_CONNECT) < 0 ? deadline : LONGEST_CONNECT)
                .executor(threads);
        tls.context().ifPresent(builder::sslContext);
        return builder.build();
    }

    /** Cuts off what is under way. */
    @Override
    public void close() {
        Current last = current;
        if (last != null) {
            last.client().shutdownNow();
            last.client().close();
        }
    }
}
