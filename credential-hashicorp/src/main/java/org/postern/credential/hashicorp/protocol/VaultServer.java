// SPDX-License-Identifier: Apache-2.0
package org.postern.credential.hashicorp.protocol;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.postern.spi.text.Printable;

/**
 * The server, at one or several addresses: requests go to the address that answered last and, where that cannot be
 * reached or cannot serve, to the next. Once all have failed, requests are answered without being sent until a probe
 * succeeds.
 *
 * <p>Threading: safe for many threads.
 */
public final class VaultServer {

    /** A standby answers as well as the active node, because it passes requests on. */
    private static final ApiRequest HEALTH =
            new ApiRequest("sys/health?standbyok=true&perfstandbyok=true", Optional.empty(), Optional.empty());

    private final List<URI> addresses;
    private final HttpTransport transport;
    private final InstantSource clock;
    private final Availability availability;
    private final AtomicInteger preferred = new AtomicInteger();

    /**
     * A server that nothing was said to yet.
     *
     * @param addresses one at least, without a slash at the end
     */
    public VaultServer(List<URI> addresses, HttpTransport transport, InstantSource clock, RandomGenerator random) {
        this.addresses = List.copyOf(addresses);
        this.transport = transport;
        this.clock = clock;
        this.availability = new Availability(clock, random);
    }

    /** What one address had to say. */
    private sealed interface Heard {

        /** Something that holds whichever address is asked. */
        record Definite(Reply reply) implements Heard {}

        /** It cannot serve; another one might. */
        record Unfit(String reason, Optional<Duration> retryAfter) implements Heard {}
    }

    /** Sends a request, if the server is not known to be unavailable. */
    Reply call(ApiRequest request) throws InterruptedException {
        Optional<String> refusal = availability.refusal();
        if (refusal.isPresent()) {
            return new Reply.Unavailable(refusal.get());
        }
        List<String> reasons = new ArrayList<>();
        Optional<Duration> wish = Optional.empty();
        int first = preferred.get();
        for (int i = 0; i < addresses.size(); i++) {
            int index = (first + i) % addresses.size();
            switch (ask(addresses.get(index), request)) {
                case Heard.Definite definite -> {
                    preferred.set(index);
                    availability.answered();
                    return definite.reply();
                }
                case Heard.Unfit unfit -> {
                    reasons.add(unfit.reason());
                    wish = longer(wish, unfit.retryAfter());
                }
            }
        }
        return new Reply.Unavailable(availability.failed(String.join("; ", reasons), wish));
    }

    /** Whether nothing is sent to it at the moment but probes. */
    public boolean isResting() {
        return availability.refusal().isPresent();
    }

    /**
     * If it is time, asks whether the server works again.
     *
     * @return whether it works again since this call
     */
    public boolean probe() throws InterruptedException {
        if (!availability.beginProbe()) {
            return false;
        }
        boolean works = false;
        List<String> reasons = new ArrayList<>();
        Optional<Duration> wish = Optional.empty();
        try {
            for (int i = 0; i < addresses.size() && !works; i++) {
                switch (ask(addresses.get(i), HEALTH)) {
                    case Heard.Definite definite -> {
                        works = definite.reply() instanceof Reply.Done;
                        preferred.set(i);
                        reasons.add(addresses.get(i) + " does not know its own health");
                    }
                    case Heard.Unfit unfit -> {
                        reasons.add(unfit.reason());
                        wish = longer(wish, unfit.retryAfter());
                    }
                }
            }
        } finally {
            availability.probed(works);
        }
        if (!works) {
            availability.failed(String.join("; ", reasons), wish);
        }
        return works;
    }

    private Heard ask(URI address, ApiRequest request) throws InterruptedException {
        try {
            return understood(address, transport.send(address, request));
        } catch (UnreachableException unreachable) {
            return new Heard.Unfit(address + " " + Printable.of(unreachable.getMessage()), Optional.empty());
        } catch (IOException failed) {
            return new Heard.Definite(new Reply.Failed(address + " " + Printable.of(failed.getMessage())));
        }
    }

    private Heard understood(URI address, HttpTransport.Answer answer) {
        int status = answer.status();
        return switch (status) {
            case 200, 204 -> new Heard.Definite(done(address, answer));
            case 301, 302, 303, 307, 308 -> new Heard.Unfit(redirect(address, answer), Optional.empty());
            case 429 -> unfit(address, answer, "is asked too often (429)");
            case 472 -> unfit(address, answer, "is a standby for disaster recovery (472)");
            case 473 -> unfit(address, answer, "is a standby that does not pass requests on (473)");
            case 501 -> unfit(address, answer, "is not initialised (501)");
            case 502, 504 -> unfit(address, answer, "has nothing behind it that answers (" + status + ")");
            case 503 -> unfit(address, answer, "is sealed or in maintenance (503)");
            default ->
                new Heard.Definite(
                        status >= 400 && status < 500
                                ? refused(address, answer)
                                : new Reply.Failed(address + " answers with status " + status));
        };
    }

    private static Reply done(URI address, HttpTransport.Answer answer) {
        if (answer.body().length == 0) {
            return new Reply.Done(JsonObject.EMPTY);
        }
        try {
            return new Reply.Done(JsonObject.read(answer.body()));
        } catch (JsonObject.UnreadableException odd) {
            return new Reply.Failed(
                    address + " answers, and what it answers " + odd.getMessage() + ": is that address Vault's?");
        }
    }

    /** What Vault refuses it refuses in JSON; anybody else's refusal is no word about a secret. */
    private static Reply refused(URI address, HttpTransport.Answer answer) {
        try {
            return new Reply.Refused(answer.status(), JsonObject.read(answer.body()));
        } catch (JsonObject.UnreadableException odd) {
            return new Reply.Failed(address + " answers with status " + answer.status() + ", and what it answers "
                    + odd.getMessage() + ": is that address Vault's?");
        }
    }

    private Heard unfit(URI address, HttpTransport.Answer answer, String reason) {
        return new Heard.Unfit(address + " " + reason, answer.retryAfter().flatMap(this::duration));
    }

    private static String redirect(URI address, HttpTransport.Answer answer) {
        String where = answer.location().map(Printable::of).orElse("nowhere");
        return address + " redirects to " + where + " (" + answer.status()
                + "), and a token is not sent after: write an Address that serves by itself";
    }

    /** Seconds, or a date (RFC 9110 section 10.2.3). */
    private Optional<Duration> duration(String retryAfter) {
        try {
            return Optional.of(Duration.ofSeconds(Long.parseLong(retryAfter.strip())));
        } catch (NumberFormatException date) {
            return untilDate(retryAfter);
        }
    }

    private Optional<Duration> untilDate(String date) {
        try {
            return Optional.of(Duration.between(
                    clock.instant(),
                    ZonedDateTime.parse(date.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant()));
        } catch (DateTimeParseException odd) {
            return Optional.empty();
        }
    }

    private static Optional<Duration> longer(Optional<Duration> one, Optional<Duration> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isPresent() ? one : other;
        }
        return one.get().compareTo(other.get()) > 0 ? one : other;
    }
}
