// SPDX-License-Identifier: Apache-2.0
package org.postern.core.cluster;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.postern.spi.cluster.Put;
import org.postern.spi.cluster.Register;
import org.postern.spi.cluster.SharedRegisters;

/**
 * Which relays there are. Each says every few seconds that it lives, under a name that it has for as long as it was heard
 * without a break: what a relay had that was silent for too long is nobody's any more, and it begins anew under another name.
 *
 * <p>A relay gives itself up before the others do: it counts from before it spoke.
 *
 * <p>Threading: safe for many threads.
 */
@Singleton
public final class Relays implements Cluster.Follower {

    private static final String TOPIC = "relay";
    private static final Duration LIFE = Duration.ofSeconds(20);
    private static final Duration PERIOD = Duration.ofSeconds(5);
    /** How long others hear that one has left. */
    private static final Duration FAREWELL = Duration.ofMinutes(1);

    /** What stands before the name of one that lives; those of before said nothing. */
    private static final String LIVES = "node ";

    private static final byte[] LEFT = "left".getBytes(StandardCharsets.US_ASCII);
    private static final int FORGET_ABOVE = 1_000;

    private final Cluster cluster;
    private final SecureRandom random = new SecureRandom();
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Other> others = new HashMap<>();

    private String own = fresh();
    private long revision = SharedRegisters.ABSENT;
    private Instant spoke = Instant.MIN;
    private Instant until = Instant.MIN;

    /**
     * Another relay.
     *
     * @param end until when it is believed to live
     * @param node what it says it is called; empty for one that was never heard
     */
    private record Other(Instant end, Optional<String> node) {}

    /** Follows the cluster. */
    @Inject
    public Relays(Cluster cluster) {
        this.cluster = cluster;
        cluster.follow(TOPIC, this);
    }

    private String fresh() {
        byte[] name = new byte[8];
        random.nextBytes(name);
        return HexFormat.of().formatHex(name);
    }

    /** What this one is called; another name after it was silent for too long. */
    public String own() {
        lock.lock();
        try {
            return own;
        } finally {
            lock.unlock();
        }
    }

    /** Whether this relay lives; one that was never heard of is believed to live until it could have been heard. */
    public boolean isAlive(String relay) {
        lock.lock();
        try {
            Instant now = cluster.now();
            return relay.equals(own)
                    ? until.isAfter(now)
                    : others.computeIfAbsent(relay, unheard -> new Other(now.plus(LIFE), Optional.empty()))
                            .end()
                            .isAfter(now);
        } finally {
            lock.unlock();
        }
    }

    /** The others that were heard and live: what operators call each, by what it is called here. */
    public Map<String, String> others() {
        lock.lock();
        try {
            Instant now = cluster.now();
            Map<String, String> nodes = new HashMap<>();
            others.forEach((relay, other) -> other.node()
                    .filter(name -> other.end().isAfter(now) && !relay.equals(own))
                    .ifPresent(name -> nodes.put(relay, name)));
            return nodes;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void heard(Register register) {
        lock.lock();
        try {
            Instant now = cluster.now();
            if (others.size() > FORGET_ABOVE) {
                others.values().removeIf(other -> other.end().plus(FAREWELL).isBefore(now));
            }
            boolean left = Arrays.equals(register.value(), LEFT);
            others.put(
                    register.name(),
                    new Other(left ? Instant.MIN : now.plus(register.left()), Optional.of(node(register))));
        } finally {
            lock.unlock();
        }
    }

    /** What it says it is called; one that does not say so has only the name of its life. */
    private static String node(Register register) {
        String value = new String(register.value(), StandardCharsets.UTF_8);
        return value.length() > LIVES.length() && value.startsWith(LIVES)
                ? value.substring(LIVES.length())
                : register.name();
    }

    /** Says that this one lives. */
    @Override
    public void caughtUp() {
        String name;
        long expected;
        Instant asked = cluster.now();
        lock.lock();
        try {
            if (spoke.plus(PERIOD).isAfter(asked)) {
                return;
            }
            if (revision != SharedRegisters.ABSENT && !until.isAfter(asked)) {
                beginAnew();
            }
            name = own;
            expected = revision;
        } finally {
            lock.unlock();
        }
        Optional<Put> put = cluster.put(TOPIC, name, lives(), expected, LIFE);
        lock.lock();
        try {
            switch (put.orElse(null)) {
                case Put.Held held -> {
                    revision = held.revision();
                    spoke = asked;
                    until = asked.plus(LIFE);
                }
                case Put.Beaten gone -> beginAnew();
                case null -> {}
            }
        } finally {
            lock.unlock();
        }
    }

    private byte[] lives() {
        return (LIVES + cluster.node().orElse("")).getBytes(StandardCharsets.UTF_8);
    }

    private void beginAnew() {
        own = fresh();
        revision = SharedRegisters.ABSENT;
        spoke = Instant.MIN;
        until = Instant.MIN;
    }

    /** Says that this one is gone, so that nobody waits for it. */
    @Override
    public void leave() {
        String name = own();
        long expected;
        lock.lock();
        try {
            expected = revision;
            until = Instant.MIN;
        } finally {
            lock.unlock();
        }
        if (expected != SharedRegisters.ABSENT) {
            cluster.put(TOPIC, name, LEFT, expected, FAREWELL);
        }
    }
}
