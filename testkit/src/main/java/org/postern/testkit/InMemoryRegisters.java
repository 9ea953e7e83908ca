// SPDX-License-Identifier: Apache-2.0
package org.postern.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.postern.spi.cluster.Changes;
import org.postern.spi.cluster.Put;
import org.postern.spi.cluster.Register;
import org.postern.spi.cluster.RegisterBounds;
import org.postern.spi.cluster.SharedRegisters;
import org.postern.spi.credential.Secret;

/** Registers for tests: shared by all who have this object, ended by the clock that a test moves, away when a test says so. */
public final class InMemoryRegisters implements SharedRegisters {

    private static final SecretKeySpec KEY =
            new SecretKeySpec("key of all tests".getBytes(StandardCharsets.US_ASCII), "HmacSHA256");

    private final InstantSource clock;
    private final Map<Key, Entry> entries = new HashMap<>();
    private long revisions;
    private boolean away;

    private record Key(String topic, String name) {}

    private record Entry(byte[] value, long revision, Instant put, Instant end) {}

    /** @param clock ends the registers */
    public InMemoryRegisters(InstantSource clock) {
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /** Whether the storage fails to answer from now on. */
    public synchronized void away(boolean isAway) {
        away = isAway;
    }

    /** How many puts have held. */
    public synchronized long puts() {
        return revisions;
    }

    @Override
    public synchronized Optional<Register> read(String topic, String name) throws IOException {
        RegisterBounds.checkName(topic, name);
        answer();
        return Optional.ofNullable(entries.get(new Key(topic, name)))
                .filter(this::lives)
                .map(entry -> register(new Key(topic, name), entry));
    }

    @Override
    public synchronized Put put(String topic, String name, byte[] value, long expected, Duration life)
            throws IOException {
        RegisterBounds.checkPut(topic, name, value, life);
        Optional<Register> before = read(topic, name);
        if (before.map(Register::revision).orElse(ABSENT) != expected) {
            return new Put.Beaten(before);
        }
        Instant now = clock.instant();
        revisions++;
        entries.put(new Key(topic, name), new Entry(value.clone(), revisions, now, now.plus(life)));
        return new Put.Held(revisions);
    }

    @Override
    public synchronized Changes changes(Set<String> topics, long since) throws IOException {
        RegisterBounds.checkTopics(topics);
        answer();
        return new Changes(
                entries.entrySet().stream()
                        .filter(one -> topics.contains(one.getKey().topic()))
                        .filter(one -> one.getValue().revision() > since && lives(one.getValue()))
                        .map(one -> register(one.getKey(), one.getValue()))
                        .toList(),
                revisions,
                clock.instant());
    }

    @Override
    public String tag(String purpose, Secret secret) {
        try {
            Mac mac = Mac.getInstance(KEY.getAlgorithm());
            mac.init(KEY);
            mac.update(purpose.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return HexFormat.of().formatHex(secret.reveal(mac::doFinal), 0, 12);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    private Register register(Key key, Entry entry) {
        Instant now = clock.instant();
        return new Register(
                key.topic(),
                key.name(),
                entry.value(),
                entry.revision(),
                Duration.between(entry.put(), now),
                Duration.between(now, entry.end()));
    }

    private boolean lives(Entry entry) {
        return entry.end().isAfter(clock.instant());
    }

    private void answer() throws IOException {
        if (away) {
            throw new IOException("the storage of the registers does not answer");
        }
    }
}
