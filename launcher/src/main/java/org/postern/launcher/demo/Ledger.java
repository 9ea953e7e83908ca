// SPDX-License-Identifier: Apache-2.0
package org.postern.launcher.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.postern.peer.ReceivedMessage;

/**
 * What one peer is owed and what it got: every message once, octet for octet, under the right identity. Safe for several
 * threads.
 */
final class Ledger {

    private final Correspondent correspondent;
    private final Map<String, Expected> expected = new ConcurrentHashMap<>();
    private final List<Arrival> arrivals = new ArrayList<>();
    private final AtomicInteger count = new AtomicInteger();

    private record Expected(byte[] content, Instant accepted) {}

    private record Arrival(ReceivedMessage message, Optional<Duration> delay) {}

    Ledger(Correspondent correspondent) {
        this.correspondent = correspondent;
    }

    /** The relay is about to be handed this message. */
    void owe(DemoMessage message, Instant when) {
        expected.put(message.recipient(), new Expected(message.content(), when));
    }

    /** The peer got a message. */
    void received(ReceivedMessage message) {
        Expected owed = expected.get(String.join(",", message.recipients()));
        Optional<Duration> delay =
                Optional.ofNullable(owed).map(known -> Duration.between(known.accepted(), message.when()));
        synchronized (arrivals) {
            arrivals.add(new Arrival(message, delay));
        }
        count.incrementAndGet();
    }

    /** Messages that have come, twice or not. */
    int count() {
        return count.get();
    }

    /** What it comes to. */
    PeerReport report() {
        List<Arrival> all;
        synchronized (arrivals) {
            all = List.copyOf(arrivals);
        }
        return new Reckoning(all).report();
    }

    private final class Reckoning {

        private final List<Arrival> all;

        Reckoning(List<Arrival> all) {
            this.all = all;
        }

        PeerReport report() {
            long distinct = all.stream().map(Reckoning::key).distinct().count();
            return new PeerReport(
                    correspondent.domain(),
                    correspondent.user(),
                    all.size(),
                    (int) (all.size() - distinct),
                    (int) expected.keySet().stream()
                            .filter(key -> !arrived(key))
                            .count(),
                    (int) all.stream().filter(this::altered).count(),
                    (int) all.stream().filter(this::wrongIdentity).count(),
                    words(all.stream()
                            .flatMap(arrival -> arrival.message().mechanism().stream())
                            .toList()),
                    words(all.stream()
                            .map(arrival -> arrival.message().tlsProtocol().orElse("clear"))
                            .toList()),
                    (int) all.stream()
                            .map(arrival -> arrival.message().connection())
                            .distinct()
                            .count(),
                    all.stream()
                            .flatMap(arrival -> arrival.delay().stream())
                            .max(Duration::compareTo)
                            .orElse(Duration.ZERO));
        }

        private boolean arrived(String key) {
            return all.stream().anyMatch(arrival -> key(arrival).equals(key));
        }

        private static String key(Arrival arrival) {
            return String.join(",", arrival.message().recipients());
        }

        private boolean altered(Arrival arrival) {
            Expected owed = expected.get(key(arrival));
            return owed == null
                    || !Arrays.equals(
                            owed.content(),
                            TraceFields.without(arrival.message().content()));
        }

        private boolean wrongIdentity(Arrival arrival) {
            return !arrival.message().user().equals(Optional.of(correspondent.user()))
                    || !arrival.message().mechanism().equals(Optional.of(correspondent.mechanism()));
        }

        private static List<String> words(List<String> all) {
            return all.stream().distinct().sorted().toList();
        }
    }
}
