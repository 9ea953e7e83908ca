// SPDX-License-Identifier: Apache-2.0
package org.postern.itests;

import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.postern.itests.Instance.eventually;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import org.postern.peer.MailPeer;
import org.postern.peer.ReceivedMessage;

/**
 * Mail that comes in at a steady pace, to each peer in turn, and the account of what must have arrived. A message that
 * the listener did not take is sent again under another number; one of which nobody knows may arrive or not, but not
 * twice.
 */
final class Load implements AutoCloseable {

    private static final Duration PACE = Duration.ofMillis(8);

    private final IntSupplier port;
    private final List<Destination> destinations;
    private final ScheduledExecutorService sender = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("load").factory());
    private final Map<String, Accepted> accepted = new ConcurrentHashMap<>();
    private final Set<String> doubtful = ConcurrentHashMap.newKeySet();
    private final AtomicReference<RuntimeException> bug = new AtomicReference<>();
    private volatile long refusals;
    private Courier courier;
    private int number;

    /** Where messages go, as whom they must get there, and by one of which mechanisms. */
    record Destination(String domain, MailPeer peer, String user, Set<String> mechanisms) {

        Destination(String domain, MailPeer peer, String user, String mechanism) {
            this(domain, peer, user, Set.of(mechanism));
        }
    }

    private record Accepted(byte[] content, Instant when) {}

    private Load(IntSupplier port, Destination... destinations) {
        this.port = port;
        this.destinations = List.of(destinations);
    }

    /** Begins, at a pace that leaves the machine time for other things. */
    static Load on(IntSupplier port, Destination... destinations) {
        return on(port, PACE, destinations);
    }

    /** Begins, with one message in each period. */
    static Load on(IntSupplier port, Duration period, Destination... destinations) {
        Load load = new Load(port, destinations);
        load.sender.scheduleAtFixedRate(load::tick, 0, period.toMillis(), TimeUnit.MILLISECONDS);
        return load;
    }

    private void tick() {
        try {
            sendNext();
        } catch (RuntimeException broken) {
            bug.set(broken);
            throw broken;
        }
    }

    private void sendNext() {
        Destination destination = destinations.get(number % destinations.size());
        String recipient = "m" + number++ + "@" + destination.domain();
        byte[] content = content(recipient);
        try {
            if (courier == null) {
                courier = new Courier(port.getAsInt());
            }
            courier.send("sender@example.org", List.of(recipient), content);
            accepted.put(recipient, new Accepted(content, Instant.now()));
        } catch (IOException notTaken) {
            refusals++;
            startAnew(recipient);
        }
    }

    private void startAnew(String recipient) {
        if (courier != null) {
            if (courier.isDoubtful()) {
                doubtful.add(recipient);
            }
            courier.close();
            courier = null;
        }
    }

    private static byte[] content(String recipient) {
        String text = "From: sender@example.org\r\nTo: " + recipient + "\r\nSubject: gr\u00fc\u00dfe\r\n\r\n"
                + ".\r\n..\r\n.hidden\r\nFrom here on\r\n\t\r\n" + "x".repeat(recipient.hashCode() & 511) + "\r\n";
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Messages that the relay has taken so far. */
    int acceptedCount() {
        return accepted.size();
    }

    /** How often the listener was not there, or not willing. */
    long refusals() {
        return refusals;
    }

    /** Returns when so many more messages have been taken. */
    Load awaitAccepted(int more) {
        int goal = accepted.size() + more;
        eventually(() -> bug.get() != null || accepted.size() >= goal);
        return this;
    }

    /** Returns when each peer has got so many more messages. */
    Load awaitArrivals(int more) {
        List<Long> goals = destinations.stream()
                .map(destination -> destination.peer().messageCount() + more)
                .toList();
        eventually(() -> bug.get() != null || reached(goals));
        return this;
    }

    private boolean reached(List<Long> goals) {
        for (int i = 0; i < goals.size(); i++) {
            if (destinations.get(i).peer().messageCount() < goals.get(i)) {
                return false;
            }
        }
        return true;
    }

    /** Ends the sending; what was taken may still be under way. */
    Load stop() throws InterruptedException {
        sender.shutdown();
        assertTrue(sender.awaitTermination(30, TimeUnit.SECONDS));
        if (courier != null) {
            courier.close();
            courier = null;
        }
        if (bug.get() != null) {
            throw bug.get();
        }
        return this;
    }

    /**
     * Waits for what is under way, then holds the account: every message once, octet for octet, in the right name.
     *
     * @return the longest time between the relay's 250 and the peer's
     */
    Duration settle() {
        return settle(Duration.ofSeconds(30));
    }

    /** Likewise, where mail may rest for a while. */
    Duration settle(Duration patience) {
        await().atMost(patience)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> arrivedSoFar().containsAll(accepted.keySet()));
        Duration longest = Duration.ZERO;
        for (Destination destination : destinations) {
            for (ReceivedMessage message : distinct(destination)) {
                Duration delay = check(message, destination);
                longest = delay.compareTo(longest) > 0 ? delay : longest;
            }
        }
        return longest;
    }

    private Set<String> arrivedSoFar() {
        Set<String> arrived = ConcurrentHashMap.newKeySet();
        destinations.forEach(
                destination -> destination.peer().messages().forEach(message -> arrived.addAll(message.recipients())));
        return arrived;
    }

    private List<ReceivedMessage> distinct(Destination destination) {
        List<ReceivedMessage> messages = destination.peer().messages();
        List<String> recipients = new ArrayList<>();
        messages.forEach(message -> recipients.addAll(message.recipients()));
        assertEquals(
                "messages that arrived twice",
                List.of(),
                recipients.stream()
                        .filter(recipient -> recipients.indexOf(recipient) != recipients.lastIndexOf(recipient))
                        .distinct()
                        .toList());
        return messages;
    }

    private Duration check(ReceivedMessage message, Destination destination) {
        String recipient = String.join(",", message.recipients());
        assertEquals(recipient, Optional.of(destination.user()), message.user());
        assertTrue(
                recipient + " came by " + message.mechanism(),
                message.mechanism().filter(destination.mechanisms()::contains).isPresent());
        assertTrue(recipient, message.tlsProtocol().isPresent());
        assertArrayEquals(recipient, content(recipient), withoutTrace(message.content()));
        Accepted known = accepted.get(recipient);
        assertTrue(recipient + " was never accepted", known != null || doubtful.contains(recipient));
        return known == null ? Duration.ZERO : Duration.between(known.when(), message.when());
    }

    /** What came in: without the one field that the listener puts on top. */
    static byte[] withoutTrace(byte[] content) {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        assertTrue(text, text.startsWith("Received: "));
        int end = text.indexOf("\r\n");
        while (text.charAt(end + 2) == '\t' || text.charAt(end + 2) == ' ') {
            end = text.indexOf("\r\n", end + 2);
        }
        return Arrays.copyOfRange(content, end + 2, content.length);
    }

    @Override
    public void close() {
        sender.shutdownNow();
        if (courier != null) {
            courier.close();
        }
    }
}
